import type { HttpRouter } from "convex/server";
import { httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";

const http: HttpRouter = httpRouter();

registerRoutes(http, async (ctx) => (await import("./auth.js")).createAuth(ctx), {
  cors: true,
  fastLane: process.env["FAST_LANE"] !== "off",
});

export default http;
