/**
 * What the types say of rows is what rows are: every field that the compiler knows, of every table of the official plugins,
 * against rows that Better Auth wrote; once with all fields given and once with the required ones alone.
 */
import { fileURLToPath } from "node:url";
import { actionGeneric, makeFunctionReference, queryGeneric } from "convex/server";
import { v } from "convex/values";
import { expect, it } from "vitest";
import { shapeOf } from "../../js/protocol/row-shape.js";
import { shown } from "../../js/server/triggers/rows.js";
import { client, component, createAuth } from "./support/every-plugin.js";
import { kindOf, kindsOf } from "./support/kinds.js";
import type { Kinds } from "./support/kinds.js";
import { functionsApp } from "./support/functions-app.js";

type Row = Record<string, unknown>;

/** A value of a field, as an app would give it. */
function sample(type: unknown, name: string): unknown {
  if (Array.isArray(type)) return type[0];
  switch (type) {
    case "number":
      return 7;
    case "boolean":
      return true;
    case "date":
      return new Date(4_102_444_800_000);
    case "json":
      return { theme: "dark", tabs: [1, 2] };
    case "string[]":
      return ["a", "b"];
    case "number[]":
      return [1, 2];
    default:
      return name;
  }
}

const functions = {
  make: actionGeneric({
    args: {},
    handler: async (ctx) => {
      const { adapter, tables } = await createAuth(ctx).$context;
      const made = new Set<string>();
      const make = async (model: string): Promise<void> => {
        if (made.has(model)) return;
        made.add(model);
        const fields = Object.entries(tables[model]?.fields ?? {});
        for (const [, { references }] of fields) if (references) await make(references.model);
        for (const which of ["all", "required"]) {
          const data: Row = { id: `${model} ${which}` };
          for (const [name, { type, required, references }] of fields)
            if (which === "all" || required !== false)
              data[name] = references
                ? `${references.field === "id" ? references.model : references.field} ${which}`
                : sample(type, `${name} ${which}`);
          await adapter.create({ model, data, forceAllowId: true });
        }
      };
      for (const model of Object.keys(tables)) await make(model);
      return Object.fromEntries(
        Object.entries(tables).map(([model, { modelName, fields }]) => [
          model,
          { modelName, shape: [...shapeOf(fields).shape] },
        ]),
      );
    },
  }),
  stored: queryGeneric({
    args: { model: v.string() },
    handler: (ctx, { model }) => ctx.runQuery(component.adapter.findMany, { model, limit: 10 }),
  }),
  given: queryGeneric({
    args: { id: v.string(), token: v.string() },
    handler: async (ctx, { id, token }) => ({
      user: await client.getAnyUserById(ctx, id),
      session: (await client.getSessionByToken(ctx, token))?.session,
    }),
  }),
};

/** Better Auth 1.7 declares it required in its types alone; its endpoints always write one. */
const REQUIRED_IN_TYPES = [
  "invitation.role is absent and not string",
  "given invitation.role is absent and not string",
];

/** What rows have beside the typed fields: what no app needs, and what Better Auth's types do not tell. */
const UNTYPED = [
  "session.gateShape",
  "user.another_name",
  "user.gateShape",
  // The type of its fields is `Record<string, DBFieldAttribute>` (1.7): its row may have any field.
  ...[
    "domain",
    "issuer",
    "oidcConfig",
    "organizationId",
    "providerId",
    "samlConfig",
    "userId",
  ].flatMap((name) => [`ssoProvider.${name}`, `given ssoProvider.${name}`]),
];

/** Fields whose values are not what the types say. */
function wrong(row: Row, kinds: Kinds): string[] {
  return [...kinds]
    .filter(([name, allowed]) => !isOneOf(allowed, row[name]))
    .map(([name, allowed]) => `${name} is ${kindOf(row[name])} and not ${[...allowed].join("|")}`);
}

function isOneOf(allowed: ReadonlySet<string>, value: unknown): boolean {
  if (Array.isArray(value) && value.length === 0)
    return [...allowed].some((kind) => kind.endsWith("[]"));
  return allowed.has(kindOf(value));
}

it("every typed field of the official plugins is there, with its type", async () => {
  const t = functionsApp(functions);
  const ask = <T>(name: string, args: Record<string, string>) =>
    t.query(makeFunctionReference<"query">(`app:${name}`), args) as Promise<T>;
  const tables = (await t.action(makeFunctionReference<"action">("app:make"), {})) as Record<
    string,
    { modelName: string; shape: string[] }
  >;
  const {
    Stored = {},
    Rows = {},
    Given = {},
  } = kindsOf(fileURLToPath(new URL("support/every-plugin.ts", import.meta.url)), [
    "Stored",
    "Rows",
    "Given",
  ]);
  expect(Object.keys(Stored).sort()).toEqual(Object.keys(tables).sort());

  const faults: string[] = [];
  const untyped: string[] = [];
  let fields = 0;
  const compare = (label: string, row: Row, kinds: Kinds | undefined): void => {
    if (!kinds) throw new Error(`the types know no ${label}`);
    fields += kinds.size;
    faults.push(...wrong(row, kinds).map((fault) => `${label}.${fault}`));
    for (const name of Object.keys(row)) if (!kinds.has(name)) untyped.push(`${label}.${name}`);
  };
  const tokens = new Map<unknown, unknown>();
  for (const [model, { modelName, shape }] of Object.entries(tables)) {
    const rows = await ask<Row[]>("stored", { model: modelName });
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      compare(model, row, Stored[model]);
      compare(`given ${model}`, shown({ model, shape } as never, row), Rows[model]);
      if (model === "session") tokens.set(row["userId"], row["token"]);
    }
  }
  for (const [id, token] of tokens) {
    const given = await ask<Record<string, Row>>("given", { id: String(id), token: String(token) });
    for (const model of ["user", "session"])
      compare(`given ${model}`, given[model] ?? {}, Given[model]);
  }
  expect(faults).toEqual(REQUIRED_IN_TYPES);
  expect([...new Set(untyped)].sort()).toEqual(UNTYPED.sort());
  console.log(`note: types, fields compared with rows: ${String(fields)}`);
}, 120_000);
