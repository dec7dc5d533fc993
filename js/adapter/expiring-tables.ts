/** Which tables the scheduled clean-up looks at: it knows nothing of the app's options but what it is told. */
import { expiring } from "./expiring.js";
import type { ConvexGateExpiry } from "./expiring.js";
import { isOwnModel } from "./own-tables.js";

/** What an app calls a model and its fields, in the words of Better Auth's own options. */
export interface RenamedModel {
  readonly modelName?: string | undefined;
  readonly fields?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Every table whose rows go, under the names that the app gave its models and their fields. */
export function expiringTables(
  names: Readonly<Record<string, string | RenamedModel>> = {},
): (ConvexGateExpiry & { table: string })[] {
  return [...expiring].map(([model, { field, keep }]) => {
    const given = names[model];
    const { modelName, fields } = typeof given === "string" ? { modelName: given } : (given ?? {});
    const table = isOwnModel(model) ? model : (modelName ?? model);
    return { table, field: fields?.[field] ?? field, keep };
  });
}
