/** The tests' way to see and fill the tables of the chosen app, through the adapter like everything else. */
import { betterAuth } from "better-auth/minimal";
import { getAuthTables } from "@better-auth/core/db";
import type { DBFieldAttribute } from "@better-auth/core/db";
import type { RegisteredAction } from "convex/server";
import { actionGeneric } from "convex/server";
import { v } from "convex/values";
// A type only: the app is bundled in another folder.
import type { Choice } from "../../support/server-set.js";
import { createAuthOptions } from "./auth.js";

/** Every table that the chosen plugins use, by Better Auth's name and by the app's, after those that it refers to. */
export const list: RegisteredAction<
  "public",
  {},
  Promise<{ model: string; table: string }[]>
> = actionGeneric({
  args: {},
  handler: async (ctx) => {
    const tables = getAuthTables(await createAuthOptions(ctx));
    const listed = new Map<string, string>();
    const add = (model: string): void => {
      const table = tables[model];
      if (!table) return;
      for (const { references } of Object.values(table.fields))
        if (references && references.model !== model && !listed.has(references.model))
          add(references.model);
      listed.set(model, table.modelName);
    };
    Object.keys(tables).forEach(add);
    return [...listed].map(([model, table]) => ({ model, table }));
  },
});

/** Every endpoint of each of these apps, to find shadowed ones. */
export const endpoints: RegisteredAction<
  "public",
  { choices: Choice[] },
  Promise<{ method: string; path: string }[][]>
> = actionGeneric({
  args: { choices: v.any() },
  handler: async (ctx, { choices }) => {
    const apps: Choice[] = choices;
    const all = await Promise.all(apps.map((choice) => createAuthOptions(ctx, choice)));
    return all.map((options) => {
      const { api } = betterAuth(options);
      return Object.values(api as Record<string, { path?: string; options?: Endpoint }>).flatMap(
        ({ path, options }) =>
          path === undefined || options?.metadata?.SERVER_ONLY === true
            ? []
            : [options?.method ?? "GET"].flat().map((method) => ({ method, path })),
      );
    });
  },
});

interface Endpoint {
  method?: string | string[];
  metadata?: { SERVER_ONLY?: boolean };
}

/** One row as Better Auth's adapter gives it, dates as ms, or null. */
export const find: RegisteredAction<
  "public",
  { model: string; id: string },
  Promise<Record<string, unknown> | null>
> = actionGeneric({
  args: { model: v.string(), id: v.string() },
  handler: async (ctx, { model, id }) => {
    const { adapter } = await betterAuth(await createAuthOptions(ctx)).$context;
    const row = await adapter.findOne<Record<string, unknown>>({
      model,
      where: [{ field: "id", value: id }],
    });
    if (row === null) return null;
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof Date ? value.getTime() : (value ?? null),
      ]),
    );
  },
});

/** Changes one row, as a developer does in the dashboard. */
export const update: RegisteredAction<
  "public",
  { model: string; id: string; fields: Record<string, string | number | boolean | null> },
  Promise<null>
> = actionGeneric({
  args: { model: v.string(), id: v.string(), fields: v.any() },
  handler: async (ctx, { model, id, fields }) => {
    const { adapter } = await betterAuth(await createAuthOptions(ctx)).$context;
    const where = [{ field: "id", value: id }];
    if ((await adapter.update({ model, where, update: fields })) === null)
      throw new Error(`${model} has no row ${id}`);
    return null;
  },
});

/** Adds rows that look like those of a busy app: other keys, the same kinds and states. */
export const fill: RegisteredAction<"public", Filling, Promise<null>> = actionGeneric({
  args: { model: v.string(), from: v.number(), count: v.number() },
  handler: async (ctx, { model, from, count }) => {
    const options = await createAuthOptions(ctx);
    const { adapter } = await betterAuth(options).$context;
    const { fields = {}, indexes = [] } = getAuthTables(options)[model] ?? {};
    const keys = new Set(
      indexes.filter(({ unique }) => unique).flatMap((index) => [...index.fields]),
    );
    const [sample] = await adapter.findMany<Record<string, unknown>>({ model, limit: 1 });
    await adapter.transaction(async (transaction) => {
      for (let row = from; row < from + count; row += 1) {
        const data = Object.fromEntries(
          Object.entries(fields).map(([name, field]) => [
            name,
            valueOf(name, field, sample?.[name], row, keys),
          ]),
        );
        await transaction.create({
          model,
          data: { ...data, id: `filler-${model}-${String(row)}` },
          forceAllowId: true,
        });
      }
    });
    return null;
  },
});

type Filling = { model: string; from: number; count: number };

/** Names of fields that tell rows apart although no metadata says so. */
const distinct = new Set(["accountId", "address", "name", "value"]);

function valueOf(
  name: string,
  field: DBFieldAttribute,
  sample: unknown,
  row: number,
  keys: ReadonlySet<string>,
): unknown {
  const isKey =
    field.unique === true ||
    field.index === true ||
    field.references !== undefined ||
    keys.has(name) ||
    distinct.has(name);
  if (!isKey && sample !== undefined && sample !== null) return sample;
  // The row of the same number in the table that is referred to.
  if (field.references) {
    const { model, field: key } = field.references;
    return `filler-${key === "id" ? model : key}-${String(row)}`;
  }
  switch (field.type) {
    case "string":
      return `filler-${name}-${String(row)}`;
    case "number":
      return row;
    case "boolean":
      return false;
    case "date":
      return new Date(Date.now() + 86_400_000 + row);
    default:
      return field.required === false ? null : [];
  }
}
