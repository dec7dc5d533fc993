/**
 * How one answer tells the session and its JWT: `GET /get-session?convexToken=true`. Status, body and cookies are those of
 * `get-session`; headers tell the rest. A parameter and no request header, so that a request which needs no preflight needs
 * none for it.
 */

/** The query parameter that asks for the JWT. */
export const TOKEN_PARAMETER = "convexToken";

/** The JWT of the session that the answer tells. */
export const TOKEN_HEADER = "set-convex-token";

/** When the server answered, and when the session ends: ms since 1970 by its clock, with a space between. */
export const TIMES_HEADER = "set-convex-token-times";

/** A JWT with what a client needs to know along with it. */
export interface ToldToken {
  /** The JWT for Convex. */
  token: string;
  /** When the session ends unless it is renewed again, in ms since 1970 by the server's clock. */
  sessionExpiresAt: number;
  /** What the server's clock said when it answered, in ms since 1970. */
  now: number;
}

/** Puts a token into the headers of an answer about its session. No cache may keep it, and pages of other origins read it. */
export function tellToken(headers: Headers, { token, sessionExpiresAt, now }: ToldToken): void {
  headers.set(TOKEN_HEADER, token);
  headers.set(TIMES_HEADER, `${String(now)} ${String(sessionExpiresAt)}`);
  headers.set("cache-control", "no-store");
  headers.append("access-control-expose-headers", `${TOKEN_HEADER}, ${TIMES_HEADER}`);
}

/** The token in the headers of an answer, or null. A proxy may have left out the times. */
export function toldToken(
  headers: Headers,
):
  (Pick<ToldToken, "token"> & { [Time in "now" | "sessionExpiresAt"]: number | undefined }) | null {
  const token = headers.get(TOKEN_HEADER);
  const [now, sessionExpiresAt] = (headers.get(TIMES_HEADER) ?? "").split(" ");
  return token ? { token, now: time(now), sessionExpiresAt: time(sessionExpiresAt) } : null;
}

function time(text: string | undefined): number | undefined {
  return Number(text) || undefined;
}
