import { GateError } from "../errors/index.js";

/** The signature algorithms that Convex accepts from a `customJwt` provider. */
export type KeyAlgorithm = "RS256" | "ES256";

/** A point in time of a static key: milliseconds since 1970, an ISO string or a Date. */
export type KeyTime = number | string | Date;

/**
 * One static signing key, as `npx convex-gate keys generate` prints it and `STATIC_JWKS` holds it.
 */
export interface JwksDoc {
  /** The key id, `kid` in tokens and in the public set. Unique within a set. */
  readonly id: string;
  /** The public key: JSON text of a JWK, or the JWK itself. */
  readonly publicKey: string | Readonly<Record<string, unknown>>;
  /**
   * The private key in the same form. Needed where tokens are signed, never where they are
   * verified.
   */
  readonly privateKey?: string | Readonly<Record<string, unknown>> | undefined;
  /** @default what the public key's type implies: RSA gives RS256, P-256 gives ES256 */
  readonly alg?: string | undefined;
  readonly crv?: string | undefined;
  /** When the key was made. Among several usable keys the newest signs. */
  readonly createdAt?: KeyTime | undefined;
  /** From then on the key signs nothing; tokens it signed stay valid until they expire. */
  readonly expiresAt?: KeyTime | null | undefined;
}

/** A public key in a key set (RFC 7517). Holds the listed members and no other. */
export type PublicJwk = {
  readonly kid: string;
  readonly alg: KeyAlgorithm;
  readonly use: "sig";
} & (
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
);

/** A public key set (RFC 7517 section 5). */
export interface PublicJwks {
  readonly keys: readonly PublicJwk[];
}

/** 2048 bits in base64url without padding: the least that RFC 7518 section 3.3 allows for RS256. */
const SMALLEST_RSA_MODULUS_CHARS = 342;
/**
 * 32 bytes in base64url without padding: the size of a P-256 coordinate (RFC 7518 section 6.2.1.2).
 */
const P256_COORDINATE_CHARS = 43;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** Base64url whose first byte is zero. */
const LEADING_ZERO = /^A[A-P]/;
/** What holds secrets, of every registered type of key: the public part is no place for it. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/**
 * The public key set of `keys`. Private members never appear in it, because only the members named
 * by RFC 7518 for public keys are copied. Throws `KEY_SET_INVALID` naming the key and the member
 * that is wrong: all that `verifyToken` would not take later is refused here, where it is deployed.
 */
export function createPublicJwks(keys: readonly JwksDoc[]): PublicJwks {
  const seen = new Set<string>();
  return {
    keys: keys.map((key, index) => {
      const jwk = publicJwkOf(key, index);
      if (seen.has(jwk.kid))
        throw invalidKey(key, index, "id", "is used by another key of the set");
      seen.add(jwk.kid);
      return jwk;
    }),
  };
}

/** The public key of one entry as a JWK with `kid`, `alg` and `use`. Throws `KEY_SET_INVALID`. */
export function publicJwkOf(key: JwksDoc, index = 0): PublicJwk {
  if (typeof key?.id !== "string" || key.id === "")
    throw invalidKey(key, index, "id", "must be a non-empty string");
  const source = jwkObject(key, index, "publicKey");
  const alg = algorithmOf(key, source, index);
  checkPurpose(key, source, index);
  const member = (name: string): string => {
    const value = source[name];
    if (typeof value !== "string" || !BASE64URL.test(value))
      throw invalidKey(key, index, `publicKey.${name}`, "must be base64url text");
    return value;
  };
  if (alg === "RS256") {
    const [n, e] = [member("n"), member("e")];
    for (const [name, value] of Object.entries({ n, e })) {
      if (LEADING_ZERO.test(value))
        throw invalidKey(key, index, `publicKey.${name}`, "must not begin with a zero byte");
    }
    if (n.length < SMALLEST_RSA_MODULUS_CHARS)
      throw invalidKey(key, index, "publicKey.n", "must have at least 2048 bits");
    return { kid: key.id, alg, use: "sig", kty: "RSA", n, e };
  }
  if (source["crv"] !== "P-256") throw invalidKey(key, index, "publicKey.crv", 'must be "P-256"');
  const [x, y] = [member("x"), member("y")];
  for (const [name, value] of Object.entries({ x, y })) {
    if (value.length !== P256_COORDINATE_CHARS)
      throw invalidKey(key, index, `publicKey.${name}`, "must have 32 bytes");
  }
  return { kid: key.id, alg, use: "sig", kty: "EC", crv: "P-256", x, y };
}

/**
 * Whether there is no static key set: undefined, or the empty text that many tools give for a variable
 * that is not set.
 */
export function isUnset(jwks: unknown): jwks is undefined | "" {
  return jwks === undefined || (typeof jwks === "string" && jwks.trim() === "");
}

/**
 * Reads a static key set: the JSON text of an array of keys, as `STATIC_JWKS` holds it. Checks
 * every key's public part. Throws `KEY_SET_INVALID` saying which key and which member is wrong; the
 * text itself never enters an error.
 */
export function parseJwks(text: string): JwksDoc[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // No `cause`: the parser's message quotes the text, which holds private keys.
    throw new GateError("KEY_SET_INVALID", `The static key set is not JSON. ${REMEDY}`);
  }
  if (!Array.isArray(value))
    throw new GateError(
      "KEY_SET_INVALID",
      `The static key set must be a JSON array of keys. ${REMEDY}`,
    );
  if (value.length === 0)
    throw new GateError("KEY_SET_INVALID", `The static key set holds no key. ${REMEDY}`);
  const keys = value.map((entry: unknown, index) => {
    if (!isRecord(entry)) throw invalidKey(undefined, index, "entry", "must be an object");
    checkTime(entry, index, "createdAt");
    checkTime(entry, index, "expiresAt");
    // `publicJwkOf` below checks `id` and `publicKey`, the members that the type promises.
    return entry as unknown as JwksDoc;
  });
  createPublicJwks(keys);
  return keys;
}

/**
 * The algorithm of a key: what it says, which must agree with its type. Throws `KEY_SET_INVALID`.
 */
function algorithmOf(key: JwksDoc, source: Record<string, unknown>, index: number): KeyAlgorithm {
  const implied = source["kty"] === "RSA" ? "RS256" : source["kty"] === "EC" ? "ES256" : undefined;
  if (implied === undefined) throw invalidKey(key, index, "publicKey.kty", 'must be "RSA" or "EC"');
  for (const [member, value] of [
    ["alg", key.alg],
    ["publicKey.alg", source["alg"]],
  ] as const) {
    if (value !== undefined && value !== null && value !== implied)
      throw invalidKey(key, index, member, `must be "${implied}" for this type of key`);
  }
  return implied;
}

/** A key that verifies nothing, or that holds what must stay secret, is refused. Throws `KEY_SET_INVALID`. */
function checkPurpose(key: JwksDoc, source: Record<string, unknown>, index: number): void {
  const { use = null, key_ops: operations = null } = source;
  if (use !== null && use !== "sig") throw invalidKey(key, index, "publicKey.use", 'must be "sig"');
  if (operations !== null && !(Array.isArray(operations) && operations.includes("verify")))
    throw invalidKey(key, index, "publicKey.key_ops", 'must hold "verify"');
  const secret = PRIVATE_MEMBERS.find((member) => member in source);
  if (secret !== undefined)
    throw invalidKey(key, index, `publicKey.${secret}`, "is private: leave it to privateKey");
}

/** A JWK given as an object or as JSON text. Throws `KEY_SET_INVALID`. */
export function jwkObject(
  key: JwksDoc,
  index: number,
  member: "publicKey" | "privateKey",
): Record<string, unknown> {
  let value: unknown = key[member];
  if (value === undefined || value === null) throw invalidKey(key, index, member, "is missing");
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw invalidKey(key, index, member, "must be the JSON text of a JWK");
    }
  }
  if (!isRecord(value)) throw invalidKey(key, index, member, "must be a JWK");
  return value;
}

/**
 * Milliseconds since 1970, or undefined when the key does not say. Expects a time that `parseJwks`
 * has checked.
 */
export function keyTime(time: KeyTime | null | undefined): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = typeof time === "number" ? time : new Date(time).getTime();
  return Number.isFinite(ms) ? ms : undefined;
}

function checkTime(
  entry: Record<string, unknown>,
  index: number,
  member: "createdAt" | "expiresAt",
): void {
  const value = entry[member];
  if (value === undefined || value === null) return;
  const isTime = typeof value === "number" || typeof value === "string";
  if (!isTime || keyTime(value) === undefined)
    throw invalidKey(entry, index, member, "must be milliseconds or an ISO date");
}

function invalidKey(key: unknown, index: number, member: string, problem: string): GateError {
  const id = isRecord(key) && typeof key["id"] === "string" ? key["id"] : undefined;
  const name = id === undefined ? `at position ${index}` : `"${id}" at position ${index}`;
  return new GateError(
    "KEY_SET_INVALID",
    `Key ${name} of the static key set: ${member} ${problem}.`,
    {
      meta: { key: id, index, member },
    },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const REMEDY = "Run `npx convex-gate keys generate` and set its output as STATIC_JWKS.";
