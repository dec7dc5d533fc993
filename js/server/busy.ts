/** What clients are told when they come too fast: by Better Auth's rate limits, or because writes kept colliding. */

const RETRY_AFTER_S = "1";

/**
 * The answer of `respond`, never an error for mere crowding. Rate limits run before Better Auth's own error handling: when
 * writes to one counter collide more often than Convex retries, the error would end the request with a 500.
 * Better Auth names the time to wait in `X-Retry-After` only; here also in `Retry-After`, which clients heed (RFC 9110).
 */
export async function withRetryAfter(respond: () => Promise<Response>): Promise<Response> {
  let response: Response;
  try {
    response = await respond();
  } catch (error) {
    if (!isWriteConflict(error)) throw error;
    return Response.json(
      { code: "TOO_BUSY", message: "Too many requests at once. Please try again." },
      { status: 503, headers: { "Retry-After": RETRY_AFTER_S, "X-Retry-After": RETRY_AFTER_S } },
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

/** Convex's error for a mutation that lost against others every time it was run. It has a text and no class. */
function isWriteConflict(error: unknown): boolean {
  return (
    error instanceof Error &&
    /OptimisticConcurrencyControlFailure|changed while this mutation was being run/.test(
      error.message,
    )
  );
}
