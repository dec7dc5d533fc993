/** Tokens as the `convex()` plugin makes them, with a signature of nobody's. */

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

let serial = 0;

/** A token of `sessionId` that lives `lifeS` seconds from `nowMs`. Every one differs from every other. */
export function tokenOf(sessionId: string, lifeS = 900, nowMs = Date.now()): string {
  const iat = Math.floor(nowMs / 1000);
  const claims = { sub: "user", sessionId, iat, exp: iat + lifeS };
  serial += 1;
  return `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.s${serial}`;
}

/** A token with any claims. */
export function jwt(claims: Record<string, unknown>): string {
  return `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.signature`;
}
