import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";
import { authComponent, createAuth } from "./auth.js";

const handle = makeFunctionReference<"action">("sso:handle");

const http = httpRouter();
const inNode = httpActionGeneric(async (ctx, request) => {
  const { status, headers, body } = (await ctx.runAction(handle, {
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    body: request.method === "GET" ? null : await request.text(),
  })) as { status: number; headers: [string, string][]; body: string | null };
  return new Response(body, { status, headers });
});
for (const method of ["GET", "POST"] as const) {
  http.route({ path: "/api/auth/sign-in/sso", method, handler: inNode });
  http.route({ pathPrefix: "/api/auth/sso/", method, handler: inNode });
}
authComponent.registerRoutes(http, createAuth);
export default http;
