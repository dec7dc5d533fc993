import { createPublicJwks, keyTime, parseJwks } from "../auth-config/keys.js";
import type { JwksDoc, KeyAlgorithm } from "../auth-config/keys.js";
import { GateError } from "../errors/index.js";
import { generateKeyPair } from "../plugins/convex/jwt.js";
import { PUBLISH_LEAD_MS } from "../plugins/convex/key-set.js";

/** Tokens live a day at most, so a key that has not signed for longer is of no use to anybody. */
const KEEP_AFTER_END_MS = 2 * 86_400_000;

/** What the value of a variable may have, in bytes of UTF-8 (Convex, seen on a backend of August 2026). */
export const MOST_VARIABLE_BYTES = 8192;

/** A new static key set with one key. */
export async function newKeySet(alg: KeyAlgorithm, now: number): Promise<JwksDoc[]> {
  return [await newKey(alg, now)];
}

/** How a static key set is rotated. */
export interface StaticRotation {
  /** @default the algorithm of the set's first key */
  readonly alg?: KeyAlgorithm | undefined;
  /** Leaves every older key out at once, so that whatever they signed is refused. */
  readonly compromised?: boolean | undefined;
}

/**
 * A static key set with a new key added, which signs once verifiers have had time to see it. At that
 * time the older keys of its algorithm end: they sign no more, and stay for the tokens that they
 * signed. Of keys that have ended the private part goes, and two days after their end all of them.
 * Throws `KEY_SET_INVALID`.
 */
export async function rotatedKeySet(
  text: string,
  { alg, compromised = false }: StaticRotation,
  now: number,
): Promise<JwksDoc[]> {
  const keys = parseJwks(text);
  const published = createPublicJwks(keys).keys;
  const made = await newKey(alg ?? published[0]?.alg ?? "RS256", now);
  if (compromised) return [made];
  const kept = keys.flatMap((key, index) => {
    const end = keyTime(key.expiresAt) ?? Infinity;
    if (end + KEEP_AFTER_END_MS <= now) return [];
    if (end <= now) return [withoutPrivatePart(key)];
    // A key of another algorithm signs for whoever has not changed `algorithm` yet.
    const superseded = published[index]?.alg === made.alg ? now + PUBLISH_LEAD_MS : Infinity;
    return [superseded < end ? { ...key, expiresAt: superseded } : key];
  });
  return [made, ...kept];
}

/**
 * The text of a key set as a variable's value. Throws `LIMIT_EXCEEDED` when Convex would refuse it for
 * its size.
 */
export function keySetText(keys: readonly JwksDoc[]): string {
  const text = JSON.stringify(keys);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_VARIABLE_BYTES) return text;
  throw new GateError(
    "LIMIT_EXCEEDED",
    `The key set would have ${bytes} bytes, and a variable of Convex holds ${MOST_VARIABLE_BYTES}. ES256 keys are a quarter ` +
      'as large: npx convex-gate keys rotate --alg ES256, then getAuthConfigProvider({ algorithm: "ES256" }). Or wait: older ' +
      "keys leave the set two days after they were replaced.",
    { meta: { limit: "variable bytes", bytes, most: MOST_VARIABLE_BYTES } },
  );
}

function withoutPrivatePart({ privateKey: _privateKey, ...key }: JwksDoc): JwksDoc {
  return key;
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
