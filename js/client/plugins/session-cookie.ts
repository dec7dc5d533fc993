/** Which cookies of a request are its session. */

/** Any of Better Auth's session cookies, whatever the prefix. */
const SESSION_COOKIE = /^([^=]*[.-])?session_token=/;

/**
 * The session of a request with this `Cookie` header, as in such a header; empty without one. A cookie of another prefix may
 * lie beside it, from before the app's options changed. Nothing tells which of them counts, so a session is all of them.
 */
export function sessionOf(header: string): string {
  return header
    .split("; ")
    .filter((cookie) => SESSION_COOKIE.test(cookie))
    .join("; ");
}

/** Whether a request had this session; `sent` is what it had for a `Cookie` header. */
export function wasSent(session: string, sent: string): boolean {
  const cookies = sent.split("; ");
  return session.split("; ").every((cookie) => cookies.includes(cookie));
}
