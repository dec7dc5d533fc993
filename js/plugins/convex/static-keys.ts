import type { StoredKey } from "../../adapter/token-store.js";
import { jwkObject, keyTime, parseJwks, publicJwkOf } from "../../auth-config/keys.js";
import { GateError } from "../../errors/index.js";

/**
 * The keys of `convex({ jwks })` in the form in which the component stores its own. Throws
 * `KEY_SET_INVALID`.
 */
export function staticKeysOf(text: string): StoredKey[] {
  const keys = parseJwks(text).map((key, index) => {
    const { kid, alg, use: _use, ...jwk } = publicJwkOf(key, index);
    const isEncrypted =
      typeof key.privateKey === "string" && !key.privateKey.trimStart().startsWith("{");
    return {
      id: kid,
      alg,
      publicKey: JSON.stringify(jwk),
      // Better Auth's own jwt tables hold private keys encrypted; such rows may be given as they
      // are.
      privateKey: isEncrypted
        ? String(key.privateKey)
        : privateText(jwkObject(key, index, "privateKey"), kid, index),
      createdAt: keyTime(key.createdAt) ?? 0,
      expiresAt: keyTime(key.expiresAt) ?? null,
    };
  });
  // Among keys of the same age the first one signs.
  return keys.sort((a, b) => b.createdAt - a.createdAt);
}

function privateText(jwk: Record<string, unknown>, key: string, index: number): string {
  if (typeof jwk["d"] === "string") return JSON.stringify(jwk);
  throw new GateError(
    "KEY_SET_INVALID",
    `Key "${key}" at position ${index} of the static key set: privateKey.d is missing, so it cannot sign. Set the same ` +
      "STATIC_JWKS, with private keys, for the functions of the deployment.",
    { meta: { key, index, member: "privateKey.d" } },
  );
}
