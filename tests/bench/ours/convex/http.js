import { httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";

const http = httpRouter();

registerRoutes(http, async (ctx) => (await import("./auth.js")).createAuth(ctx));

export default http;
