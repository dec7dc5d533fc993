import { createPublicJwks, parseJwks } from "../auth-config/keys.js";
import type { JwksDoc, KeyAlgorithm } from "../auth-config/keys.js";
import { keyTime } from "../auth-config/keys.js";
import { generateKeyPair } from "../plugins/convex/jwt.js";

/** Tokens live a day at most, so a key that has not signed for longer is of no use to anybody. */
const KEEP_AFTER_END_MS = 2 * 86_400_000;

/** A new static key set with one key. */
export async function newKeySet(alg: KeyAlgorithm, now: number): Promise<JwksDoc[]> {
  return [await newKey(alg, now)];
}

/**
 * A static key set with a new key added, which signs once verifiers have had time to see it. The
 * older keys stay, so that tokens signed with them remain valid; keys that expired more than two
 * days ago are left out. Throws `KEY_SET_INVALID`.
 */
export async function rotatedKeySet(
  text: string,
  alg: KeyAlgorithm | undefined,
  now: number,
): Promise<JwksDoc[]> {
  const keys = parseJwks(text);
  const kept = keys.filter((key) => (keyTime(key.expiresAt) ?? Infinity) + KEEP_AFTER_END_MS > now);
  const newest = createPublicJwks(keys).keys[0];
  return [await newKey(alg ?? newest?.alg ?? "RS256", now), ...kept];
}

async function newKey(alg: KeyAlgorithm, now: number): Promise<JwksDoc> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return {
    id: Buffer.from(bytes).toString("base64url"),
    alg,
    publicKey,
    privateKey,
    createdAt: now,
  };
}
