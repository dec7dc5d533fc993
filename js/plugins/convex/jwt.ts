import type { KeyAlgorithm } from "../../auth-config/keys.js";
import { GateError } from "../../errors/index.js";
import type { Claims } from "./claims.js";

/** A private key that is ready to sign. */
export interface Signer {
  readonly keyId: string;
  readonly alg: KeyAlgorithm;
  readonly key: CryptoKey;
}

/** A new key pair as JSON texts of JWKs. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

const SHA256 = "SHA-256";

const parameters = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: SHA256 },
  ES256: { name: "ECDSA", namedCurve: "P-256" },
} as const;

/**
 * Makes an extractable key pair. Convex allows that in actions and HTTP actions only; elsewhere
 * `READ_ONLY_CONTEXT`.
 */
export async function generateKeyPair(alg: KeyAlgorithm): Promise<KeyPair> {
  const pair = await onlyInActions("A signing key cannot be made", () =>
    crypto.subtle.generateKey(
      alg === "RS256"
        ? { ...parameters.RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
        : parameters.ES256,
      true,
      ["sign", "verify"],
    ),
  );
  const [publicJwk, privateJwk] = await Promise.all([
    crypto.subtle.exportKey("jwk", pair.publicKey),
    crypto.subtle.exportKey("jwk", pair.privateKey),
  ]);
  return { publicKey: JSON.stringify(publicJwk), privateKey: JSON.stringify(privateJwk) };
}

/** Reads a private JWK. Rejects when it is not a private key of the algorithm. */
export async function importSigner(
  keyId: string,
  alg: KeyAlgorithm,
  privateJwk: JsonWebKey,
): Promise<Signer> {
  // `key_ops`, `use` and `alg` of foreign keys may forbid what is asked here, and decide nothing
  // that matters.
  const { key_ops: _ops, use: _use, alg: _alg, ext: _ext, ...jwk } = privateJwk;
  const key = await crypto.subtle.importKey("jwk", jwk, parameters[alg], false, ["sign"]);
  return { keyId, alg, key };
}

/** Signs a compact JWT (RFC 7519) whose header names its algorithm and key. */
export async function signJwt(signer: Signer, claims: Claims): Promise<string> {
  const header = { alg: signer.alg, kid: signer.keyId, typ: "JWT" };
  const input = `${base64UrlText(JSON.stringify(header))}.${base64UrlText(JSON.stringify(claims))}`;
  const bytes = new TextEncoder().encode(input);
  const signature =
    signer.alg === "RS256"
      ? await crypto.subtle.sign(parameters.RS256.name, signer.key, bytes)
      : await onlyInActions("An ES256 token cannot be signed", () =>
          crypto.subtle.sign({ name: "ECDSA", hash: SHA256 }, signer.key, bytes),
        );
  return `${input}.${base64Url(new Uint8Array(signature))}`;
}

/** Bytes in base64url without padding (RFC 7515 section 2). */
export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function base64UrlText(text: string): string {
  return base64Url(new TextEncoder().encode(text));
}

/**
 * Convex refuses everything that needs system randomness in queries and mutations; say so in the
 * user's terms.
 */
async function onlyInActions<T>(problem: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new GateError(
      "READ_ONLY_CONTEXT",
      `${problem} in a Convex query or mutation. Ask for the token from an action or an HTTP action, or use static RS256 keys ` +
        "(convex({ jwks })), which sign anywhere.",
      { cause },
    );
  }
}
