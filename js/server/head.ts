/** HEAD: Convex gives these requests to the route of GET, and Better Auth knows no such method. */
import { answeredInRace } from "./overtaken.js";
import type { AuthInstance } from "./types.js";

/** What Better Auth answers; to HEAD what it would answer to GET, without the body. */
export async function answerOf(auth: AuthInstance, request: Request): Promise<Response> {
  if (request.method !== "HEAD") return answeredInRace(auth, request);
  // Links in mails carry single-use tokens in their query, and mail scanners send HEAD before anybody opens them: HEAD
  // must change nothing (RFC 9110 section 9.2.1), so a request that may is not run.
  if (new URL(request.url).search !== "")
    return new Response(null, { status: 405, headers: { Allow: "GET" } });
  const { status, headers } = await auth.handler(new Request(request, { method: "GET" }));
  return new Response(null, { status, headers });
}
