/**
 * Users and sessions are also read without Better Auth, by `getAuthUser` and the token endpoint, which know no options of
 * the app. So their tables keep their names in the component, whatever `modelName` says.
 */
import type { ConvexGateStore } from "./store.js";

/** The models whose rows are read without Better Auth, and say themselves what they look like. */
const ownModels = ["user", "session"] as const;

/** Whether a model's table keeps its name, by the model's own name. */
export function isOwnModel(modelKey: string): boolean {
  return (ownModels as readonly string[]).includes(modelKey);
}

/** The table of each renamed model of ours, by the app's name for it. */
export type OwnTables = ReadonlyMap<string, string>;

/** Finds the renamed ones; `physicalName` gives the app's name of a model. */
export function ownTables(physicalName: (modelKey: string) => string): OwnTables {
  return new Map(
    ownModels
      .map((model) => [physicalName(model), model] as const)
      .filter(([name, model]) => name !== model),
  );
}

/** A store in which the app's names lead to our tables. */
export function withOwnTables(store: ConvexGateStore, tables: OwnTables): ConvexGateStore {
  if (tables.size === 0) return store;
  const tableOf = (name: string): string => tables.get(name) ?? name;
  return {
    ...store,
    run(method, args) {
      const { model, join } = args as typeof args & { join?: { table: string }[] };
      return store.run(method, {
        ...args,
        model: tableOf(model),
        ...(join ? { join: join.map((each) => ({ ...each, table: tableOf(each.table) })) } : {}),
      });
    },
  };
}
