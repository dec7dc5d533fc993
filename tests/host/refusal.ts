/** What the backend itself says no to, before or beside any function: `{ code, message }` over HTTP. */

/** A refusal with Convex's code for it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The id of a request, which its errors name and its headers carry: eight random bytes in hexadecimal. */
export function requestId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 16);
}

/** A token that Convex refuses, with the code and the text that it would send (`crates/authentication/src/lib.rs`). */
export class TokenRefused extends Refusal {
  constructor(message: string, code = "InvalidAuthHeader") {
    super(code, message, 401);
  }
}
