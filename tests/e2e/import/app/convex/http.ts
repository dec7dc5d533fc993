import { httpActionGeneric, httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth.js";

const http = httpRouter();
authComponent.registerRoutes(http, createAuth, {
  cors: { exposedHeaders: ["X-Ours"], allowedHeaders: ["X-Theirs"] },
});
/** An endpoint of the app that anybody may ask, whatever their `Authorization` header says. */
http.route({
  path: "/public",
  method: "GET",
  handler: httpActionGeneric(async (ctx) =>
    Response.json({ user: await authComponent.safeGetAuthUser(ctx) }),
  ),
});
export default http;
