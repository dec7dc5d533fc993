/**
 * Keeps sessions out of Better Auth's `secondaryStorage`. Better Auth (1.7) asks it first: a session that is deleted in
 * the database, as `revokeSession` does, would live on there. What else is kept there stays.
 */
import type { BetterAuthOptions } from "better-auth";

type Storage = NonNullable<BetterAuthOptions["secondaryStorage"]>;

/** The storages made here. */
const ours = new WeakSet<object>();

/** Whether a storage is one that holds no session. */
export function holdsNoSessions(storage: Storage): boolean {
  return ours.has(storage);
}

/**
 * Puts such a storage in the place of the app's. Better Auth hands its options to the adapter before it reads the
 * storage from them, and a plugin cannot replace it later. Options that are frozen stay as they are.
 */
export function keepSessionsInDatabase(options: BetterAuthOptions): void {
  const { secondaryStorage } = options;
  if (!secondaryStorage || ours.has(secondaryStorage)) return;
  Reflect.set(options, "secondaryStorage", withoutSessions(secondaryStorage));
}

/** A storage that takes and gives everything but sessions: Better Auth goes to the database for those. */
function withoutSessions(storage: Storage): Storage {
  const others = {
    async get(key) {
      const value: unknown = await storage.get(key);
      return isOfSessions(key, value) ? null : value;
    },
    set: (key, value, ttl) => (isOfSessions(key, value) ? undefined : storage.set(key, value, ttl)),
    delete: (key) => storage.delete(key),
    // Better Auth looks whether a storage can count, and goes without where it cannot.
    ...(storage.getAndDelete && { getAndDelete: (key: string) => storage.getAndDelete(key) }),
    ...(storage.increment && {
      increment: (key: string, ttl: number) => storage.increment(key, ttl),
    }),
  } as Storage;
  ours.add(others);
  return others;
}

/** A session under its token, as text or as some clients parse it, or the list of a user's sessions. */
function isOfSessions(key: string, value: unknown): boolean {
  if (key.startsWith("active-sessions-")) return true;
  // Cheap for what is not: counters and one-time values.
  if (typeof value === "string" && !value.includes(key)) return false;
  const entry = typeof value === "string" ? parsed(value) : value;
  const session = isRecord(entry) ? entry["session"] : undefined;
  return isRecord(session) && session["token"] === key;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
