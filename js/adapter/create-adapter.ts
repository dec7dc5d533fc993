import type { BetterAuthOptions } from "better-auth";
import type { AdapterFactoryConfig, DBAdapter } from "better-auth/adapters";
import { createAdapterFactory } from "better-auth/adapters";
import { createMethods } from "./adapter-methods.js";
import type { Background } from "./background.js";
import { createBackground, watched } from "./background.js";
import { noSchema } from "./no-schema.js";
import type { Race } from "./race.js";
import { createRace, watchingRace } from "./race.js";
import type { Refused } from "./refused.js";
import { createRefused, noting } from "./refused.js";
import { withRenewals } from "./renewals.js";
import { remembering } from "./request-memory/remembering-store.js";
import type { ConvexGateSearch } from "./search-indexes.js";
import { keepSessionsInDatabase } from "./session-storage.js";
import type { ConvexGateStore } from "./store.js";
import { runTransaction } from "./transaction.js";
import { fromStored, toCompared, toStored } from "./transforms.js";

/** Configuration of {@link createConvexGateAdapter}. */
export interface ConvexGateAdapterConfig {
  /** Where records are kept; `createComponentStore(components.betterAuth, ctx)` for the Convex component. */
  store: ConvexGateStore;
  /**
   * Text fields in which a part is found by an index, such as `{ user: ["email", "name"] }` for the search of the admin
   * plugin. Costs one small document for each letter of the field when a row is written. Without it a table is read
   * through.
   *
   * @default {}
   */
  search?: ConvexGateSearch | undefined;
  /** Better Auth's adapter debug logs. @default false */
  debugLogs?: AdapterFactoryConfig["debugLogs"];
}

/** The value of Better Auth's `database` option. */
export type ConvexGateAdapter = (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions>;

/**
 * Makes a Better Auth database adapter (`better-auth` 1.7) over a store. Joins are answered natively, in one call.
 *
 * Imported from `convex-gate/adapter`. `advanced.database.generateId: "serial"` is refused by Better Auth when the
 * instance is made, because Convex has no serial ids.
 *
 * @throws GateError `INVALID_NAME`, when the instance is made, for a model or field whose name Convex does not accept;
 * `INVALID_OPTION` for a field of `search` that the schema does not have.
 */
export function createConvexGateAdapter(config: ConvexGateAdapterConfig): ConvexGateAdapter {
  return (options) => {
    keepSessionsInDatabase(options);
    const carried = {
      background: createBackground(),
      refused: createRefused(),
      race: createRace(),
      reads: {} as Carried["reads"],
    };
    const noted = noting(watchingRace(config.store, carried.race), carried.refused);
    const remembered = remembering(watched(noted, carried.background));
    const store = { ...remembered, ...withRenewals(remembered) };
    const { log } = store;
    const adapter = factoryFor(config, store, {
      carried,
      transaction:
        log !== undefined &&
        ((callback) =>
          runTransaction(store, log, (buffered) =>
            callback(
              factoryFor(config, buffered, { carried, transaction: false })(withDefaults(options)),
            ),
          )),
    })(withDefaults(options));
    carried.reads.findOne = adapter.findOne;
    return adapter;
  };
}

/**
 * Native joins are off by default in Better Auth 1.7; ours cost nothing extra, so they are on unless refused. And the
 * table of rate limits is known, since `convex()` counts there: what plugins change comes too late for an adapter.
 */
function withDefaults(options: BetterAuthOptions): BetterAuthOptions {
  const { advanced, rateLimit } = options;
  return {
    ...options,
    rateLimit: { ...rateLimit, storage: rateLimit?.storage ?? "database" },
    advanced: { ...advanced, database: { joins: true, ...advanced?.database } },
  };
}

/** What an instance's adapters carry for plugins and routes. */
interface Carried {
  readonly background: Background;
  readonly refused: Refused;
  readonly race: Race;
  /** What the adapter reads with, where nothing is around it. */
  readonly reads: { findOne?: DBAdapter<BetterAuthOptions>["findOne"] };
}

function factoryFor(
  config: ConvexGateAdapterConfig,
  store: ConvexGateStore,
  { carried, transaction }: { carried: Carried } & Pick<AdapterFactoryConfig, "transaction">,
): ConvexGateAdapter {
  return createAdapterFactory({
    config: {
      adapterId: "convex-gate",
      adapterName: "convex-gate",
      supportsDates: true,
      supportsBooleans: true,
      supportsArrays: true,
      // Convex refuses object keys with `$`, a leading `_` or non-ASCII letters, so JSON is kept as text.
      supportsJSON: false,
      supportsNumericIds: false,
      transaction,
      debugLogs: config.debugLogs,
      customTransformInput: ({ data, field, fieldAttributes, action }) =>
        (action === "create" || action === "update"
          ? toStored(data, field, fieldAttributes)
          : toCompared(data, field, fieldAttributes)) as never,
      customTransformOutput: ({ data, fieldAttributes }) =>
        fromStored(data, fieldAttributes) as never,
    },
    adapter: (helpers) => {
      const methods = createMethods(store, helpers, config.search);
      return {
        ...methods,
        createSchema: ({ file, tables }) => Promise.resolve(noSchema(file, Object.keys(tables))),
        options: { ...methods.options, ...carried },
      };
    },
  });
}
