/** Rotation of the key ring by command: in good time, or at once when a key is compromised. */
import type { StoredKey } from "../../adapter/token-store.js";
import { GateError } from "../../errors/index.js";
import { newestKeyId, planKeyRing, publishedKeys, successionAt } from "./key-ring.js";
import type { KeySource } from "./key-source.js";
import { listKeys, makeKey, writableStore } from "./signing-key.js";

/** What a rotation did to the ring. */
export interface KeyRotation {
  /** The id of the key that signs now. */
  readonly current: string;
  /**
   * The id of the key that is published and will sign from `signsFrom` (ms since 1970) on; null when
   * the current key is the newest.
   */
  readonly next: { readonly id: string; readonly signsFrom: number } | null;
  /** Ids of the keys that left the public set with this call. */
  readonly withdrawn: readonly string[];
}

/** The end of a key that is not published any longer: the beginning of time. */
const WITHDRAWN = 0;

/** Concurrent rotations and requests change the ring; somebody wins each time. */
const MOST_ATTEMPTS = 4;

/**
 * Gives the ring a new key. Normally it is published first and signs when every verifier knows it;
 * asking again meanwhile changes nothing. With `compromised` it signs at once, all other keys leave
 * the public set in the same transaction, those that had retired before included, and their cached
 * tokens are dropped: verifiers refuse the new tokens for as long as they keep the old set (two
 * minutes at most), and the old tokens from then on.
 *
 * Throws `INVALID_OPTION` with static keys and `READ_ONLY_CONTEXT` in a query.
 */
export async function rotateKeys(
  source: KeySource,
  { compromised, now }: { compromised: boolean; now: number },
): Promise<KeyRotation> {
  if (source.settings.staticKeys)
    throw new GateError(
      "INVALID_OPTION",
      "convex({ jwks }) has static keys: `npx convex-gate keys rotate` adds one to STATIC_JWKS, and with --compromised it replaces them all.",
    );
  const before = await listKeys(source);
  const isDone = (keys: readonly StoredKey[]): boolean =>
    !compromised && planKeyRing(keys, source.settings.ring, now).next.length > 0;
  const others = compromised ? WITHDRAWN : successionAt(now, source.settings.ring);
  const after = outcome(source, before, await withNewKey(source, before, now, others, isDone), now);
  // None of their tokens is handed out any longer. This is only so that none lies about.
  if (compromised) for (const id of after.withdrawn) await source.store().retireKey(id, WITHDRAWN);
  return after;
}

/** Adds a key unless the ring is done already, be it by a concurrent rotation. */
async function withNewKey(
  source: KeySource,
  known: readonly StoredKey[],
  now: number,
  retireOthersAt: number,
  isDone: (keys: readonly StoredKey[]) => boolean,
): Promise<readonly StoredKey[]> {
  const store = writableStore(source, "The signing keys cannot be rotated");
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    if (isDone(known)) return known;
    const made = await makeKey(source, now);
    known = await store.addKey(made, newestKeyId(known), retireOthersAt);
    if (known.some(({ id }) => id === made.id)) return known;
  }
  throw new GateError(
    "CONFLICT",
    "A signing key could not be stored: other requests kept changing the keys.",
  );
}

function outcome(
  { settings: { ring: policy } }: KeySource,
  before: readonly StoredKey[],
  after: readonly StoredKey[],
  now: number,
): KeyRotation {
  const ring = planKeyRing(after, policy, now);
  const published = new Set(publishedKeys(ring).map(({ id }) => id));
  const [next] = ring.next;
  return {
    current: ring.current?.id ?? "",
    next: next ? { id: next.id, signsFrom: next.createdAt + policy.publishLeadMs } : null,
    withdrawn: publishedKeys(planKeyRing(before, policy, now))
      .map(({ id }) => id)
      .filter((id) => !published.has(id)),
  };
}
