import type { HttpRouter } from "convex/server";
import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth.js";

const http: HttpRouter = httpRouter();

authComponent.registerRoutes(http, createAuth, { cors: true });

export default http;
