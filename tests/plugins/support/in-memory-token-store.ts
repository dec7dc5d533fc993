import { GateError } from "../../../js/errors/index.js";
import type {
  CachedToken,
  StoredKey,
  TokenEntry,
  TokenStore,
} from "../../../js/adapter/token-store.js";

/** The tables of Better Auth's memory adapter. */
export type MemoryTables = Record<string, Record<string, unknown>[]>;

/** How often each function of the component would have been called. */
export type Calls = Record<Exclude<keyof TokenStore, "writable" | "noteLane">, number>;

/**
 * A stand-in for the component's sessions, keys and tokens over the tables of the memory adapter, with the rules of the
 * real one: `addKey` compares before it adds, of two ends of a key the earlier one stands, `storeToken` refuses a session
 * that is gone, and a cached token is found through its session row only and goes with its key. Counts its calls.
 * `tests/adapter/key-rules.test.ts` holds both to the same answers.
 */
export interface InMemoryTokenStore extends TokenStore {
  writable: boolean;
  readonly calls: Calls;
  keys: StoredKey[];
  readonly tokens: Map<string, CachedToken>;
  /** Sets every count to zero. */
  forgetCalls(): void;
}

export function createInMemoryTokenStore(tables: MemoryTables): InMemoryTokenStore {
  const none = (): Calls => ({
    tokenContext: 0,
    storeToken: 0,
    renewing: 0,
    listKeys: 0,
    addKey: 0,
    retireKey: 0,
  });
  const calls = none();
  const tokens = new Map<string, CachedToken>();
  /** Every call of the component takes a turn of the event loop, so concurrent requests interleave. */
  const called = async (name: keyof Calls): Promise<void> => {
    calls[name] += 1;
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  /** As the component's index in descending order: of two keys of one millisecond the later one comes first. */
  const newestFirst = (): StoredKey[] =>
    structuredClone(store.keys.toReversed()).sort((a, b) => b.createdAt - a.createdAt);
  const store: InMemoryTokenStore = {
    writable: true,
    calls,
    keys: [],
    tokens,
    forgetCalls: () => void Object.assign(calls, none()),
    async tokenContext(sessionToken) {
      await called("tokenContext");
      const session = tables["session"]?.find((row) => row["token"] === sessionToken);
      const user = tables["user"]?.find((row) => row["id"] === session?.["userId"]);
      if (!session || !user) return null;
      const cached = tokens.get(String(session["id"])) ?? null;
      return { session: stored(session), user: stored(user), cached, keys: newestFirst() };
    },
    async storeToken(entry) {
      await called("storeToken");
      if (!tables["session"]?.some((row) => row["id"] === entry.sessionId)) return false;
      tokens.set(entry.sessionId, cachedOf(entry));
      return true;
    },
    // The update itself is the memory adapter's, so a renewal counts as the one call that it is on the component.
    async renewing(session, tokenOf, renew) {
      await called("renewing");
      const row = tables["session"]?.find(({ token }) => token === session["token"]);
      if (!row || JSON.stringify(stored(row)) !== JSON.stringify(session))
        throw new GateError("CONFLICT", "the session is another one");
      const before = { ...row };
      const renewed = await renew();
      try {
        const entry = renewed ? await tokenOf(stored(row)) : null;
        if (entry) tokens.set(entry.sessionId, cachedOf(entry));
      } catch (error) {
        Object.assign(row, before);
        throw error;
      }
      return renewed;
    },
    async listKeys() {
      await called("listKeys");
      return newestFirst();
    },
    async addKey(key, expectNewest, retireOthersAt) {
      await called("addKey");
      const newest = newestFirst().find((row) => (row.retiredAt ?? null) === null);
      const isNew = store.keys.every(({ id }) => id !== key.id);
      if ((newest?.id ?? null) !== expectNewest || !isNew) return newestFirst();
      if (retireOthersAt !== undefined)
        store.keys = store.keys.map((other) => ended(other, retireOthersAt));
      store.keys.push(structuredClone(key));
      return newestFirst();
    },
    async retireKey(id, retiredAt) {
      await called("retireKey");
      store.keys = store.keys.map((key) => (key.id === id ? ended(key, retiredAt) : key));
      for (const [session, { keyId }] of tokens) if (keyId === id) tokens.delete(session);
      return newestFirst();
    },
  };
  return store;
}

function cachedOf({ sessionId: _session, userId: _user, ...token }: TokenEntry): CachedToken {
  return token;
}

/** A key with an end, unless it has one that is as early. */
function ended(key: StoredKey, at: number): StoredKey {
  return { ...key, retiredAt: Math.min(key.retiredAt ?? Infinity, at) };
}

/** A row as the component keeps it: dates are milliseconds. */
function stored(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      value instanceof Date ? value.getTime() : value,
    ]),
  );
}
