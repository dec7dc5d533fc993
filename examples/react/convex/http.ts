import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";
import { isOneOrigin } from "./origins";

const http = httpRouter();

authComponent.registerRoutes(http, createAuth, { cors: !isOneOrigin });

export default http;
