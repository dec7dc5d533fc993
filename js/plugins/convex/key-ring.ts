/**
 * Which key signs, which keys may still verify, and when a new one is due. Pure: the time is an
 * argument.
 */
import type { StoredKey } from "../../adapter/token-store.js";
import type { KeyAlgorithm } from "../../auth-config/keys.js";

/** Rules of the ring. Times in ms. */
export interface RingPolicy {
  readonly alg: KeyAlgorithm;
  /** How long verifiers keep the public set: they do not ask again for an unknown key. */
  readonly setLifeMs: number;
  /** How long a key is published before it signs, where there is one that signs until then. */
  readonly publishLeadMs: number;
  /**
   * The longest life of a token, allowed clock difference included: so long a key that signs no
   * more is still published.
   */
  readonly tokenLifeMs: number;
  /** Age at which a successor is made; undefined for no rotation by age. */
  readonly rotateEveryMs?: number | undefined;
}

/** The state of the ring at one moment. */
export interface KeyRing {
  /** The key that signs now; null when there is none. */
  readonly current: StoredKey | null;
  /** Keys that are published but do not sign yet, newest first. */
  readonly next: readonly StoredKey[];
  /** Keys that sign no more, while tokens signed with them may live. */
  readonly retiring: readonly StoredKey[];
  /** True when a key must be made: none can sign, or the newest has reached the age of rotation. */
  readonly keyDue: boolean;
}

/**
 * Sorts `keys` into the ring as of `now` (ms). Keys of another algorithm than the policy's have no
 * place in it.
 */
export function planKeyRing(keys: readonly StoredKey[], policy: RingPolicy, now: number): KeyRing {
  const ofAlg = newestFirst(keys).filter((key) => key.alg === policy.alg);
  const usable = ofAlg.filter((key) => (endOf(key) ?? Infinity) > now);
  // When every key is too young, as on a new deployment, the one that has been public for longest
  // signs.
  const current = usable.find((key) => readyAt(key, policy) <= now) ?? usable.at(-1) ?? null;
  const position = current ? usable.indexOf(current) : usable.length;
  const newest = usable[0];
  return {
    current,
    next: usable.slice(0, position),
    retiring: ofAlg.filter((key) => {
      const end =
        endOf(key) !== undefined && !usable.includes(key)
          ? endOf(key)
          : supersededAt(key, usable, position, policy);
      return end !== undefined && end + policy.tokenLifeMs > now;
    }),
    keyDue:
      newest === undefined ||
      (policy.rotateEveryMs !== undefined && newest.createdAt + policy.rotateEveryMs <= now),
  };
}

/** Every key that may have signed a living token or will soon sign one, the current one first. */
export function publishedKeys(ring: KeyRing): StoredKey[] {
  return [...(ring.current ? [ring.current] : []), ...ring.next, ...ring.retiring];
}

/** When a key made at `now` (ms) signs, and so when the keys before it no longer do. */
export function successionAt(now: number, policy: RingPolicy): number {
  return now + policy.publishLeadMs;
}

/**
 * When every verifier has a key that signs (ms). One that had to replace others at once is unknown to whoever fetched the
 * set before it was in there; the first key of a deployment was never missing.
 */
export function acceptedFrom(
  key: StoredKey,
  keys: readonly StoredKey[],
  policy: RingPolicy,
): number {
  const followsOthers = keys.some(({ createdAt }) => createdAt < key.createdAt);
  return followsOthers ? key.createdAt + policy.setLifeMs : key.createdAt;
}

/** The id that `addKey` must expect: the newest key that is not retired, whatever its algorithm. */
export function newestKeyId(keys: readonly StoredKey[]): string | null {
  return (
    newestFirst(keys).find((key) => key.retiredAt === undefined || key.retiredAt === null)?.id ??
    null
  );
}

/** When an older usable key stopped signing: when the one that followed it became ready. */
function supersededAt(
  key: StoredKey,
  usable: readonly StoredKey[],
  current: number,
  policy: RingPolicy,
): number | undefined {
  const index = usable.indexOf(key);
  if (index <= current) return undefined;
  const successor = usable[index - 1];
  return successor && readyAt(successor, policy);
}

function readyAt(key: StoredKey, policy: RingPolicy): number {
  return successionAt(key.createdAt, policy);
}

/** When a key stops signing for a reason of its own. */
function endOf(key: StoredKey): number | undefined {
  const ends = [key.retiredAt, key.expiresAt].filter((time) => time !== undefined && time !== null);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function newestFirst(keys: readonly StoredKey[]): StoredKey[] {
  return [...keys].sort((a, b) => b.createdAt - a.createdAt);
}
