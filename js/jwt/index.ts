import { GateError } from "../errors/index.js";
import { verifyJwt } from "../wasm/jwt.js";
import type { JwtAlgorithm, JwtClaims, PublicKeySet } from "../wasm/jwt.js";
import { keySetText } from "./key-set-text.js";

export { readSessionToken } from "./session-token.js";
export type { SessionTokenOptions } from "./session-token.js";
export type { JwtAlgorithm, JwtClaims, PublicJwk, PublicKeySet } from "../wasm/jwt.js";

/** Options of {@link verifyToken}. */
export interface VerifyTokenOptions {
  /**
   * The keys: a JWKS document or an array of static keys, as JSON text, as the parsed value, or as a `data:` URI. Nothing
   * is fetched.
   */
  readonly jwks: string | PublicKeySet | { readonly keys: readonly object[] } | readonly object[];
  /** The issuer, or the issuers of which one must match exactly. */
  readonly issuer: string | readonly string[];
  /** The audience, or the audiences of which the token must name one. */
  readonly audience: string | readonly string[];
  /**
   * The time to judge at: a Date, or milliseconds since 1970 as `Date.now()` gives.
   * @default Date.now()
   */
  readonly now?: Date | number;
  /**
   * The algorithms that are allowed.
   * @default ["ES256", "RS256"]
   */
  readonly algorithms?: readonly JwtAlgorithm[];
  /**
   * How far clocks may differ, in seconds. Convex allows the same.
   * @default 5
   */
  readonly toleranceS?: number;
}

/**
 * Verifies a Convex token of this package and returns its claims. Synchronous, without network, and the same in Node, in
 * edge runtimes and in Convex functions. Imported from `convex-gate/jwt`.
 *
 * In a Convex query pass `now`, or know that reading the clock shortens how long the result is cached. A token that
 * verifies says nothing about revocation since it was issued.
 *
 * @typeParam Claims Claims that your app added; they are not checked.
 * @throws GateError `JWT_MALFORMED`, `JWT_UNSUPPORTED_ALGORITHM`, `JWT_KEY_NOT_FOUND`, `JWT_SIGNATURE_INVALID`,
 * `JWT_ISSUER_MISMATCH`, `JWT_AUDIENCE_MISMATCH`, `JWT_CLAIM_INVALID`, `JWT_EXPIRED` or `JWT_NOT_YET_VALID` for the
 * token; `KEY_SET_INVALID` for the keys, with `meta` naming key and member; `INVALID_OPTION` for the options.
 */
export function verifyToken<Claims extends object = Record<never, never>>(
  token: string,
  options: VerifyTokenOptions,
): JwtClaims & Claims {
  if (typeof token !== "string") {
    throw new GateError("JWT_MALFORMED", "the token is malformed: it is not a string");
  }
  const verified = verifyJwt(token, keySetText(options.jwks), {
    issuer: texts("issuer", options.issuer),
    audience: texts("audience", options.audience),
    algorithms: texts("algorithms", options.algorithms ?? ["ES256", "RS256"]),
    toleranceS: options.toleranceS ?? 5,
    nowS: Number(options.now ?? Date.now()) / 1000,
  });
  // The claims of the app are as typed as the app says they are.
  return verified.claims as JwtClaims & Claims;
}

/** Strings of an option; from untyped callers it may hold anything, and the missing environment variable is common. */
function texts<T extends string>(option: string, value: T | readonly T[]): readonly T[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === "string")) {
    throw new GateError("INVALID_OPTION", `the option \`${option}\` must be a string or strings`, {
      meta: { option },
    });
  }
  return list as readonly T[];
}
