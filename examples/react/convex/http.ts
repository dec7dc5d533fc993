import { httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";
import { isOneOrigin } from "./origins";

const http = httpRouter();

registerRoutes(http, async (ctx) => (await import("./auth")).createAuth(ctx), {
  cors: !isOneOrigin,
});

export default http;
