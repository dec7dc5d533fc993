/** What clients are told when they come too fast: by Better Auth's rate limits, or because Convex has no room for them. */
import { crowdingOf, RETRY_HEADERS, TOO_BUSY_MESSAGE } from "../adapter/crowding.js";
import { refusedOf } from "../adapter/refused.js";
import { isGateError } from "../errors/index.js";
import type { AuthInstance } from "./types.js";

/**
 * The answer of `respond`, and never what came about for want of room: then it is 503 with `Retry-After`. Within an endpoint
 * Better Auth answers the adapter's error so; but rate limits and an app's own code have no such handling around them, and
 * in places Better Auth catches the error and goes on, see `refused.ts`. Errors of the server stay, and so does a redirect:
 * it leads a browser to the app's page for what went wrong.
 *
 * Better Auth names the time to wait in `X-Retry-After` only; here also in `Retry-After`, which clients heed (RFC 9110).
 */
export async function withRetryAfter(
  auth: AuthInstance,
  respond: () => Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    response = await respond();
  } catch (error) {
    if (!isGateError(error, "TOO_BUSY") && crowdingOf(error) === undefined) throw error;
    return tooBusy();
  }
  const { status, statusText, body } = response;
  const isRedirect = status >= 300 && status < 400;
  const wasRefused = refusedOf((await auth.$context).adapter)?.take() === true;
  if (wasRefused && !isRedirect && status < 500) return tooBusy();
  const wait = response.headers.get("X-Retry-After");
  if (status !== 429 || wait === null || response.headers.has("Retry-After")) return response;
  const headers = new Headers(response.headers);
  headers.set("Retry-After", wait);
  return new Response(body, { status, statusText, headers });
}

function tooBusy(): Response {
  const body = { code: "TOO_BUSY", message: TOO_BUSY_MESSAGE };
  return Response.json(body, {
    status: 503,
    headers: { "Cache-Control": "no-store", ...RETRY_HEADERS },
  });
}
