/** Better Auth's adapter methods over a store: rows are completed and checked, and each write carries its rules. */
import type { createAdapterFactory, CustomAdapter, JoinConfig } from "better-auth/adapters";
import { announcements } from "./announced.js";
import type { Clauses } from "./clauses.js";
import { clauses, counted, joins } from "./clauses.js";
import { keyColumns, sessionColumns } from "./columns.js";
import { withId } from "./ids.js";
import { withKeyUsage } from "./key-usage.js";
import { checkRow } from "./limits.js";
import { checkNames } from "./names.js";
import { ownTables, withOwnTables } from "./own-tables.js";
import { createSchemaRules } from "./rules.js";
import type { ConvexGateSearch } from "./search-indexes.js";
import { checkSearch } from "./search-indexes.js";
import { withSessionRenewal } from "./session-renewal.js";
import { createShapeWatch } from "./shape-watch.js";
import type { ConvexGateSort, ConvexGateStore, ConvexGateStoreRecord } from "./store.js";
import { fillMissing } from "./transforms.js";
import { triggerTables } from "./trigger-tables.js";

type Helpers = Parameters<Parameters<typeof createAdapterFactory>[0]["adapter"]>[0];

/** The methods of one Better Auth instance. */
export function createMethods(
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
  given.triggers?.know(triggerTables(given.triggers.models, schema, tableOf));
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
      ...optional("announcements", announcements(given, helpers)),
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
        limit: counted(limit),
        ...optional("offset", offset && counted(offset, 0)),
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
