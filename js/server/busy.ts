/** What clients are told when they come too fast: by Better Auth's rate limits, or because Convex has no room for them. */
import { crowdingOf, RETRY_HEADERS, TOO_BUSY_MESSAGE } from "../adapter/crowding.js";
import { isGateError } from "../errors/index.js";

/**
 * The answer of `respond`, never an error for mere crowding. Within an endpoint the adapter's error is answered by Better
 * Auth; but rate limits, and what an app does in `createAuth` or a hook of its own, have no such handling around them.
 * Better Auth names the time to wait in `X-Retry-After` only; here also in `Retry-After`, which clients heed (RFC 9110).
 */
export async function withRetryAfter(respond: () => Promise<Response>): Promise<Response> {
  let response: Response;
  try {
    response = await respond();
  } catch (error) {
    if (!isGateError(error, "TOO_BUSY") && crowdingOf(error) === undefined) throw error;
    return Response.json(
      { code: "TOO_BUSY", message: TOO_BUSY_MESSAGE },
      { status: 503, headers: RETRY_HEADERS },
    );
  }
  const wait = response.headers.get("X-Retry-After");
  if (response.status !== 429 || wait === null || response.headers.has("Retry-After"))
    return response;
  const headers = new Headers(response.headers);
  headers.set("Retry-After", wait);
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}
