import { httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";

const http = httpRouter();

registerRoutes(http, async (ctx) => (await import("./auth.js")).createAuth(ctx), {
  // For `npm run bench -- --lane`, which compares both.
  fastLane: process.env.FAST_LANE !== "off",
});

export default http;
