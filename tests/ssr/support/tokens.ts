/** Tokens of the `convex()` plugin's form. Nothing here verifies them, so their signature is none. */

/** A token that ends in so many seconds. */
export function tokenOf(
  issuer: string,
  seconds: number,
  claims: Record<string, unknown> = {},
): string {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  return [{ alg: "RS256" }, { iss: issuer, sub: "ada", sessionId: "s1", exp, ...claims }, "x"]
    .map((part) =>
      Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url"),
    )
    .join(".");
}

/** A `Cookie` header. */
export function cookiesOf(cookies: Record<string, string>): Headers {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return new Headers({ cookie: pairs.join("; ") });
}
