/**
 * Writes a session's renewal and the token that follows from it in one mutation. Better Auth renews a session by an update
 * of its own, around which the app's database hooks run; the token can be signed only once they have had their say.
 */
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateStore,
  ConvexGateStoreRecord,
} from "./store.js";
import type { TokenEntry } from "./token-store.js";

interface Renewal {
  readonly session: ConvexGateStoreRecord;
  readonly tokenOf: (session: ConvexGateStoreRecord) => Promise<TokenEntry | null>;
}

/** A store whose tokens can be kept along with the update that renews their session. */
export function withRenewals(store: ConvexGateStore): ConvexGateStore {
  const { log } = store;
  if (!log) return store;
  const awaited = new Map<unknown, Renewal>();

  return {
    ...store,
    tokens: {
      ...store.tokens,
      async renewing(session, tokenOf, renew) {
        const { token } = session;
        awaited.set(token, { session, tokenOf });
        try {
          return await renew();
        } finally {
          awaited.delete(token);
        }
      },
    },
    async run(method, args) {
      const token = method === "update" ? renewedBy(args as ConvexGateArguments["update"]) : null;
      const renewal = awaited.get(token);
      if (!renewal) return store.run(method, args);
      awaited.delete(token);
      const { session } = renewal;
      const given = args as ConvexGateArguments["update"];
      const row = { ...session, ...given.update };
      const entry = await renewal.tokenOf(row);
      // Whoever else renewed, changed or ended the session since it was read has won. What is overwritten must still be what
      // was read, or of two renewals the second would not notice the first.
      const unchanged = Object.keys(given.update).map((field) => ({
        field,
        value: session[field] ?? null,
      }));
      const update = { ...given, where: [...given.where.filter(isNecessary), ...unchanged] };
      await log.commit([
        { operation: { update }, expect: row },
        ...(entry ? [{ operation: { storeToken: entry }, expect: true }] : []),
      ]);
      return row as never;
    },
  };
}

/** False for what `session-renewal.ts` adds, of which an unchanged row needs nothing. */
function isNecessary({ connector }: ConvexGateClause): boolean {
  return connector !== "OR";
}

/** The token of the one session that an update is for, as Better Auth (1.7, `updateSession`) asks for it. */
function renewedBy({ model, where }: ConvexGateArguments["update"]): unknown {
  const [clause] = where;
  return model === "session" && clause?.field === "token" && clause.connector !== "OR"
    ? clause.value
    : null;
}
