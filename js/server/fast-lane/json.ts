/** An answer as Better Auth writes it. */
export function json(body: unknown, headers: Headers, status = 200): Response {
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status, headers });
}
