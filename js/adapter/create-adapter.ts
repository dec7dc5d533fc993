import type { BetterAuthOptions } from "better-auth";
import type {
  AdapterFactoryConfig,
  CustomAdapter,
  DBAdapter,
  JoinConfig,
} from "better-auth/adapters";
import { createAdapterFactory } from "better-auth/adapters";
import type { Background } from "./background.js";
import { createBackground, watched } from "./background.js";
import type { Clauses } from "./clauses.js";
import { clauses, joins } from "./clauses.js";
import { keyColumns, sessionColumns } from "./columns.js";
import { withId } from "./ids.js";
import { withKeyUsage } from "./key-usage.js";
import { rememberingLastRead } from "./last-read.js";
import { checkRow } from "./limits.js";
import { checkNames } from "./names.js";
import { ownTables, withOwnTables } from "./own-tables.js";
import type { Race } from "./race.js";
import { createRace, watchingRace } from "./race.js";
import type { Refused } from "./refused.js";
import { createRefused, noting } from "./refused.js";
import { withRenewals } from "./renewals.js";
import { createSchemaRules } from "./rules.js";
import type { ConvexGateSearch } from "./search-indexes.js";
import { checkSearch } from "./search-indexes.js";
import { withSessionRenewal } from "./session-renewal.js";
import { keepSessionsInDatabase } from "./session-storage.js";
import { createShapeWatch } from "./shape-watch.js";
import type { ConvexGateSort, ConvexGateStore, ConvexGateStoreRecord } from "./store.js";
import { runTransaction } from "./transaction.js";
import { fillMissing, fromStored, toStored } from "./transforms.js";

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
    };
    const noted = noting(watchingRace(config.store, carried.race), carried.refused);
    const store = withRenewals(rememberingLastRead(watched(noted, carried.background)));
    const { log } = store;
    return factoryFor(config, store, {
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
      customTransformInput: ({ data, field, fieldAttributes }) =>
        toStored(data, field, fieldAttributes) as never,
      customTransformOutput: ({ data, fieldAttributes }) =>
        fromStored(data, fieldAttributes) as never,
    },
    adapter: (helpers) => {
      const methods = createMethods(store, helpers, config.search);
      return { ...methods, options: { ...methods.options, ...carried } };
    },
  });
}

type Helpers = Parameters<Parameters<typeof createAdapterFactory>[0]["adapter"]>[0];

function createMethods(
  given: ConvexGateStore,
  helpers: Helpers,
  search: ConvexGateSearch = {},
): CustomAdapter {
  const { schema, getFieldName, getModelName, getDefaultModelName } = helpers;
  // An app whose sessions are not in the database has no such model, and `convex()` says what to do about it.
  const own = ownTables((modelKey) => (modelKey in schema ? getModelName(modelKey) : modelKey));
  const store = withSessionRenewal(
    withKeyUsage(withOwnTables(given, own), keyColumns(helpers)),
    sessionColumns(helpers),
  );
  const tableOf = (modelKey: string): string => {
    const name = getModelName(modelKey);
    return own.get(name) ?? name;
  };
  checkNames(schema, tableOf);
  checkSearch(schema, search);
  const rules = createSchemaRules(schema, tableOf, search);

  const keyOf = (model: string, modelKey: string | undefined): string =>
    modelKey ?? getDefaultModelName(model);
  const shapes = createShapeWatch(schema, store, getDefaultModelName);
  const columns = (model: string, select: readonly string[] | undefined): string[] | undefined =>
    select && select.length > 0 ? select.map((field) => getFieldName({ model, field })) : undefined;

  function complete<T>(
    row: ConvexGateStoreRecord | null,
    modelKey: string,
    select?: readonly string[],
    join?: JoinConfig,
  ): T | null {
    if (!row) return null;
    const filled = fillMissing(row, schema[modelKey]?.fields ?? {}, select);
    for (const [table, { modelKey: joined = getDefaultModelName(table) }] of Object.entries(
      join ?? {},
    )) {
      const value = filled[table];
      const fields = schema[getDefaultModelName(joined)]?.fields ?? {};
      filled[table] = Array.isArray(value)
        ? value.map((item: ConvexGateStoreRecord) => fillMissing(item, fields))
        : value && fillMissing(value as ConvexGateStoreRecord, fields);
    }
    return filled as T;
  }

  return {
    options: {
      convexGate: true,
      tokens: shapes.watching(store.tokens),
      ...optional("rateLimits", store.rateLimits),
    },

    async create({ model, modelKey, data }) {
      const key = keyOf(model, modelKey);
      const row = await store.run("create", {
        model,
        data: checked(model, { ...withId(data), ...shapes.ofNew(key) }),
        rules: rules.forWrite(key),
      });
      return complete(row, key) as typeof data;
    },

    async findOne<T>({
      model,
      modelKey,
      where,
      select,
      join,
    }: Parameters<CustomAdapter["findOne"]>[0]) {
      const key = keyOf(model, modelKey);
      const row = await store.run("findOne", {
        model,
        where: clauses(where),
        ...optional("select", columns(key, select)),
        ...optional("join", joins(join)),
      });
      await shapes.saw(key, [row], { select, join });
      return complete<T>(row, key, select, join);
    },

    async findMany<T>(args: Parameters<CustomAdapter["findMany"]>[0]) {
      const { model, modelKey, where, limit, offset, sortBy, select, join } = args;
      const key = keyOf(model, modelKey);
      const rows = await store.run("findMany", {
        model,
        where: clauses(where),
        limit,
        ...optional("offset", offset),
        ...optional("sortBy", sortBy && physicalSort(key, sortBy)),
        ...optional("select", columns(key, select)),
        ...optional("join", joins(join)),
      });
      await shapes.saw(key, rows, { select, join });
      return rows.map((row) => complete<T>(row, key, select, join) as T);
    },

    count: ({ model, where }) => store.run("count", { model, where: clauses(where) }),

    async update<T>({ model, modelKey, where, update }: { where: Clauses; update: T } & Target) {
      const key = keyOf(model, modelKey);
      const row = await store.run("update", {
        model,
        where: clauses(where),
        update: checked(model, update as ConvexGateStoreRecord),
        rules: rules.forWrite(key),
      });
      await shapes.saw(key, [row]);
      return complete<T>(row, key);
    },

    updateMany({ model, modelKey, where, update }) {
      const key = keyOf(model, modelKey);
      return store.run("updateMany", {
        model,
        where: clauses(where),
        update: checked(model, update),
        rules: rules.forWrite(key),
      });
    },

    async delete({ model, where }) {
      await store.run("delete", { model, where: clauses(where), rules: rules.forDelete() });
    },

    deleteMany: ({ model, where }) =>
      store.run("deleteMany", { model, where: clauses(where), rules: rules.forDelete() }),

    async consumeOne<T>({ model, modelKey, where }: { where: Clauses } & Target) {
      const row = await store.run("consumeOne", {
        model,
        where: clauses(where),
        rules: rules.forDelete(),
      });
      return complete<T>(row, keyOf(model, modelKey));
    },

    async incrementOne<T>(
      args: {
        where: Clauses;
        increment: Record<string, number>;
        set?: ConvexGateStoreRecord | undefined;
      } & Target,
    ) {
      const { model, modelKey, where, increment, set } = args;
      const key = keyOf(model, modelKey);
      const row = await store.run("incrementOne", {
        model,
        where: clauses(where),
        increment,
        ...optional("set", set && checked(model, set)),
        rules: rules.forWrite(key),
      });
      return complete<T>(row, key);
    },
  };

  function checked<T extends ConvexGateStoreRecord>(model: string, fields: T): T {
    checkRow(model, fields);
    return fields;
  }

  function physicalSort(model: string, sort: ConvexGateSort): ConvexGateSort {
    return { field: getFieldName({ model, field: sort.field }), direction: sort.direction };
  }
}

type Target = { model: string; modelKey?: string | undefined };

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
