// @vitest-environment node
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { componentTypes, isRegistered } from "./component-types.js";

const componentDirectory = fileURLToPath(new URL("../../convex", import.meta.url));
const target = `${componentDirectory}/_generated/component.ts`;
const loaders = import.meta.glob<Record<string, unknown>>("../../convex/*.ts");

async function functionModules(): Promise<Record<string, Record<string, unknown>>> {
  const modules: Record<string, Record<string, unknown>> = {};
  for (const [path, load] of Object.entries(loaders)) {
    const name = path.slice(path.lastIndexOf("/") + 1, -".ts".length);
    if (name.includes(".") || name === "schema") continue;
    modules[name] = await load();
  }
  return modules;
}

describe("the component's functions", () => {
  it("have types that match `_generated/component.ts`", async () => {
    const text = componentTypes(await functionModules());
    const config = await prettier.resolveConfig(target);
    const expected = await prettier.format(text, { ...config, parser: "typescript" });
    if (process.env["UPDATE_GENERATED"]) writeFileSync(target, expected);
    expect(readFileSync(target, "utf8")).toBe(expected);
  });

  it("all declare what they take and what they return", async () => {
    for (const [module, exported] of Object.entries(await functionModules())) {
      for (const [name, value] of Object.entries(exported)) {
        if (!isRegistered(value)) continue;
        expect(JSON.parse(value.exportArgs()), `${module}.${name} args`).toMatchObject({
          type: "object",
        });
        expect(JSON.parse(value.exportReturns()), `${module}.${name} returns`).not.toBeNull();
      }
    }
  });

  it("stay under the paths that apps and dashboards name", async () => {
    const modules = await functionModules();
    const named: Record<string, string[]> = {
      adapter: [
        "commit",
        "consumeOne",
        "count",
        "create",
        "deleteMany",
        "deleteOne",
        "findMany",
        "findOne",
        "incrementOne",
        "speculate",
        "update",
        "updateMany",
        "updateOne",
      ],
      keys: ["add", "list", "retire"],
      rateLimits: ["consume"],
      sessions: [
        "revoke",
        "revokeAll",
        "revokePage",
        "sessionByToken",
        "sessionUser",
        "tokenContext",
      ],
      tokens: ["store"],
      users: ["get"],
    };
    for (const [module, names] of Object.entries(named)) {
      const exported = Object.entries(modules[module] ?? {});
      const functions = exported.filter(([, value]) => isRegistered(value)).map(([name]) => name);
      expect(functions.sort(), module).toEqual(names);
    }
  });

  it("live in files that Convex accepts, and every file is meant to be deployed", () => {
    const files = readdirSync(componentDirectory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    for (const file of files) expect(file).toMatch(/^[A-Za-z0-9_.]+\.ts$/);
    expect(files.filter((file) => file.split(".").length === 2).sort()).toEqual(
      [
        "adapter.ts",
        "entries.ts",
        "gate.ts",
        "imports.ts",
        "keys.ts",
        "maintenance.ts",
        "rateLimits.ts",
        "schema.ts",
        "sessions.ts",
        "shapes.ts",
        "tokens.ts",
        "transactions.ts",
        "users.ts",
      ].sort(),
    );
  });
});
