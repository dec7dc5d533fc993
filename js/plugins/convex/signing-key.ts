/**
 * From stored keys to one that signs: makes the first, makes successors, replaces what cannot be
 * decrypted.
 */
import type { StoredKey, TokenStore } from "../../adapter/token-store.js";
import { GateError } from "../../errors/index.js";
import { importSigner, generateKeyPair } from "./jwt.js";
import type { Signer } from "./jwt.js";
import { acceptedFrom, newestKeyId, planKeyRing, successionAt } from "./key-ring.js";
import type { KeyRing } from "./key-ring.js";
import type { KeySource, TokenRules } from "./key-source.js";

/** Concurrent requests change the ring; somebody wins each time. */
const MOST_ATTEMPTS = 4;

/** The stored keys, or the static ones without any component call. */
export async function listKeys(source: KeySource): Promise<readonly StoredKey[]> {
  return source.settings.staticKeys ?? source.store().listKeys();
}

/** The ring with a key that signs. Makes a key when one is due, at most one component mutation. */
export async function ringWithKey(
  source: KeySource,
  keys: readonly StoredKey[],
  now: number,
): Promise<KeyRing> {
  const { settings } = source;
  const ring = planKeyRing(keys, settings.ring, now);
  if (settings.staticKeys) {
    if (ring.current) return ring;
    throw new GateError(
      "KEY_SET_INVALID",
      "Every static key of convex({ jwks }) has expired. Run `npx convex-gate keys rotate` and set its output as STATIC_JWKS.",
    );
  }
  if (!ring.keyDue) return ring;
  const store = source.store();
  if (!store.writable) {
    if (ring.current) return ring;
    throw new GateError(
      "READ_ONLY_CONTEXT",
      "There is no signing key yet, and a Convex query cannot make one. Ask for the first token from an action or over HTTP.",
    );
  }
  let known = keys;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    // Of concurrent requests one adds its key; the others get the winner's back and use it.
    const others = successionAt(now, settings.ring);
    known = await store.addKey(await makeKey(source, now), newestKeyId(known), others);
    const renewed = planKeyRing(known, settings.ring, now);
    if (renewed.current) return renewed;
  }
  throw new GateError(
    "CONFLICT",
    "A signing key could not be stored: other requests kept changing the keys.",
  );
}

/**
 * The key to sign with. A private key that cannot be read is retired and replaced, and named in the
 * log once. Throws `KEYS_CHANGING` while Convex may not know the key yet: what it signs would be refused.
 */
export async function signerOf(
  source: KeySource,
  keys: readonly StoredKey[],
  now: number,
): Promise<Signer> {
  let known = keys;
  // A changed secret makes every key unreadable that it encrypted; more than those is a fault elsewhere.
  for (let attempt = 0; attempt < keys.length + MOST_ATTEMPTS; attempt += 1) {
    const { current } = await ringWithKey(source, known, now);
    if (!current) break;
    const signer = await readSigner(source, current);
    if (signer) {
      if (!source.settings.staticKeys) checkAccepted(current, known, source.settings, now);
      return signer;
    }
    if (source.settings.staticKeys)
      throw new GateError(
        "KEY_SET_INVALID",
        `The private key of static key "${current.id}" cannot be read. Run \`npx convex-gate keys generate\` and set its output as STATIC_JWKS.`,
        { meta: { key: current.id, member: "privateKey" } },
      );
    known = await retire(source, current, now);
  }
  throw new GateError("INTERNAL_FAULT", "No signing key could be read or made.");
}

function checkAccepted(
  key: StoredKey,
  keys: readonly StoredKey[],
  { ring }: TokenRules,
  now: number,
): void {
  const retryAfterMs = acceptedFrom(key, keys, ring) - now;
  if (retryAfterMs <= 0) return;
  throw new GateError(
    "KEYS_CHANGING",
    "The signing keys have just been replaced, and Convex does not accept the new ones yet. Ask again in a few seconds.",
    { meta: { retryAfterMs } },
  );
}

/** The store, where it can be written; else throws `READ_ONLY_CONTEXT`. */
export function writableStore(source: KeySource, problem: string): TokenStore {
  const store = source.store();
  if (store.writable) return store;
  throw new GateError(
    "READ_ONLY_CONTEXT",
    `${problem} in a Convex query. Do it from an action or over HTTP.`,
  );
}

async function retire(source: KeySource, key: StoredKey, now: number): Promise<StoredKey[]> {
  const store = writableStore(
    source,
    "The signing key, which cannot be decrypted, is not replaced",
  );
  // The retirement is stored, so later requests neither see the key nor log this again.
  source.logger.warn(
    `[convex-gate] The private part of signing key ${key.id} cannot be decrypted: BETTER_AUTH_SECRET has probably changed. ` +
      "The key is retired and a new one signs from now on. To keep keys through a change, leave the secret where it is and put the " +
      "new one before it by BETTER_AUTH_SECRETS; everybody signs in again all the same.",
  );
  return store.retireKey(key.id, now);
}

/** A new key pair, its private part encrypted with the app's secret. */
export async function makeKey({ settings, cipher }: KeySource, now: number): Promise<StoredKey> {
  const { publicKey, privateKey } = await generateKeyPair(settings.alg);
  return {
    id: keyId(),
    alg: settings.alg,
    publicKey,
    privateKey: await cipher.encrypt(privateKey),
    createdAt: now,
    expiresAt: null,
    retiredAt: null,
  };
}

async function readSigner({ cipher }: KeySource, key: StoredKey): Promise<Signer | undefined> {
  try {
    const text = key.privateKey.startsWith("{")
      ? key.privateKey
      : await cipher.decrypt(unquoted(key.privateKey));
    return await importSigner(key.id, key.alg, JSON.parse(text) as JsonWebKey);
  } catch {
    // Decryption, JSON and key errors alike: the key is of no use. None of their texts may reach a
    // log.
    return undefined;
  }
}

/** Better Auth's jwt tables hold the ciphertext as a JSON string. */
function unquoted(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}

/** 16 random characters, enough to be unique and short in every token's header. */
function keyId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
