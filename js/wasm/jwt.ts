/**
 * The token rules, run in wasm: a typed face for what `gate-jwt-wasm` exports. The module is compiled and instantiated
 * on first use and keeps no state between calls.
 */
import { faultToError, isFault } from "../errors/fault.js";
import { GateError } from "../errors/index.js";
import { bytes } from "./generated/jwt-bytes.js";
import { createGlue } from "./generated/jwt-glue.js";
import { lazy } from "./load.js";

const jwt = lazy(bytes, createGlue);

/**
 * The longest texts that the module looks at, in bytes (`MAX_TOKEN_BYTES` and `MAX_KEY_SET_BYTES` in `gate-jwt`). A text
 * has at least as many bytes as letters: what is longer by those is refused here, before its copy takes up memory that
 * wasm never gives back.
 */
export const MOST_TOKEN_BYTES: number = 16 * 1024;
const MOST_KEY_SET_BYTES = 256 * 1024;

/** A signature algorithm that Convex accepts. */
export type JwtAlgorithm = "ES256" | "RS256";

/** What a token must satisfy. Times are in seconds. */
export interface JwtPolicy {
  /** The accepted issuers; the token's `iss` must be one of them. */
  readonly issuer: readonly string[];
  /** The accepted audiences; the token's `aud` must hold one of them. */
  readonly audience: readonly string[];
  readonly algorithms: readonly JwtAlgorithm[];
  /** How far clocks may differ, in seconds. */
  readonly toleranceS: number;
  /** The time to judge at, in seconds since 1970. */
  readonly nowS: number;
}

/** The header of a verified token. */
export interface JwtHeader {
  readonly alg: JwtAlgorithm;
  readonly kid?: string;
  readonly typ?: string;
}

/** The claims of a verified token. `iss`, `sub`, `aud` and `exp` were checked; times are in seconds since 1970. */
export interface JwtClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly exp: number;
  readonly iat?: number;
  readonly nbf?: number;
  readonly [claim: string]: unknown;
}

/** A token whose signature and claims hold. */
export interface VerifiedJwt {
  readonly header: JwtHeader;
  readonly claims: JwtClaims;
}

/** A public key as a JWK, reduced to the members that verification needs. */
export interface PublicJwk {
  readonly kty: "EC" | "RSA";
  readonly alg: JwtAlgorithm;
  readonly use: "sig";
  readonly kid?: string;
  readonly crv?: "P-256";
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A public key set. */
export interface PublicKeySet {
  readonly keys: readonly PublicJwk[];
}

/**
 * Verifies `token` with the JSON text of a key set: a JWKS document or an array of static key entries.
 *
 * @throws GateError with a `JWT_…` code, `KEY_SET_INVALID`, `INVALID_OPTION`, or `INTERNAL_FAULT` after a trap.
 */
export function verifyJwt(token: string, keySet: string, policy: JwtPolicy): VerifiedJwt {
  checkKeySet(keySet);
  if (token.length > MOST_TOKEN_BYTES) {
    throw new GateError(
      "JWT_MALFORMED",
      `the token is malformed: it is longer than ${String(MOST_TOKEN_BYTES)} bytes`,
    );
  }
  return call((glue) => glue.verify_token(token, keySet, policy) as VerifiedJwt);
}

/**
 * The session token in the raw value of a cookie that Better Auth signed with `secret`; null when it is not signed by
 * it. Only the current secret verifies, as in Better Auth itself. A browser keeps cookies of 4 KiB: one that is longer than
 * any token is none.
 */
export function readSignedCookie(value: string, secret: string): string | null {
  if (value.length > MOST_TOKEN_BYTES) return null;
  return call((glue) => glue.verify_cookie(value, secret) ?? null);
}

function checkKeySet(text: string): void {
  if (text.length <= MOST_KEY_SET_BYTES) return;
  throw new GateError(
    "KEY_SET_INVALID",
    `the key set is invalid: the set is longer than ${String(MOST_KEY_SET_BYTES)} bytes`,
  );
}

type Glue = ReturnType<typeof jwt.get>;

/** A fault is a refusal and leaves the module sound. Anything else is a trap: the instance is dropped. */
function call<T>(work: (glue: Glue) => T): T {
  const glue = jwt.get();
  try {
    return work(glue);
  } catch (error) {
    if (isFault(error) && !(error instanceof Error)) throw faultToError(error);
    jwt.drop();
    throw new GateError("INTERNAL_FAULT", "the token module stopped on an internal fault", {
      cause: error,
    });
  }
}
