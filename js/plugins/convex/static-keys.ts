import type { StoredKey } from "../../adapter/token-store.js";
import { jwkObject, keyTime, parseJwks, publicJwkOf } from "../../auth-config/keys.js";
import type { JwksDoc } from "../../auth-config/keys.js";
import { GateError } from "../../errors/index.js";

/**
 * The keys of `convex({ jwks })` in the form in which the component stores its own. A key that has an
 * end needs no private part: it may be there for the tokens that it signed. Throws `KEY_SET_INVALID`.
 */
export function staticKeysOf(text: string): StoredKey[] {
  const keys = parseJwks(text).map((key, index) => {
    const { kid, alg, use: _use, ...jwk } = publicJwkOf(key, index);
    const expiresAt = keyTime(key.expiresAt) ?? null;
    return {
      id: kid,
      alg,
      publicKey: JSON.stringify(jwk),
      privateKey: expiresAt !== null && !key.privateKey ? "" : privateTextOf(key, kid, index),
      createdAt: keyTime(key.createdAt) ?? 0,
      expiresAt,
    };
  });
  // Among keys of the same age the first one signs.
  return keys.sort((a, b) => b.createdAt - a.createdAt);
}

function privateTextOf(entry: JwksDoc, key: string, index: number): string {
  // Better Auth's own jwt tables hold private keys encrypted; such rows may be given as they are.
  if (typeof entry.privateKey === "string" && !entry.privateKey.trimStart().startsWith("{"))
    return entry.privateKey;
  const jwk = jwkObject(entry, index, "privateKey");
  if (typeof jwk["d"] === "string") return JSON.stringify(jwk);
  throw new GateError(
    "KEY_SET_INVALID",
    `Key "${key}" at position ${index} of the static key set: privateKey.d is missing, so it cannot sign. Set the same ` +
      "STATIC_JWKS, with private keys, for the functions of the deployment.",
    { meta: { key, index, member: "privateKey.d" } },
  );
}
