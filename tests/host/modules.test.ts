import * as vm from "node:vm";
import { expect, test } from "vitest";
import { refuseTopLevelAwait } from "./await-check.js";
import { createModuleSet } from "./modules.js";

const module = (path: string, source: string): { path: string; source: string; environment: string } => ({
  path,
  source,
  environment: "isolate",
});

test("imports are found beside the importing module and evaluated once per context", async () => {
  const modules = createModuleSet([
    module("a/one.js", `import { n } from "../_deps/x.js"; import "./two.js"; export const seen = n;`),
    module("a/two.js", `import "../_deps/x.js";`),
    module("_deps/x.js", `globalThis.evaluated = (globalThis.evaluated ?? 0) + 1; export const n = globalThis.evaluated;`),
    module("unused.js", "throw new Error()"),
  ]);
  for (let i = 0; i < 3; i++) {
    const { namespace, bytes } = await modules.evaluate("a/one.js", vm.createContext({}));
    expect(namespace["seen"]).toBe(1);
    expect(bytes).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(250);
  }
});

test("a missing import names the module", async () => {
  const modules = createModuleSet([module("a.js", `import "./b.js";`)]);
  await expect(modules.evaluate("a.js", vm.createContext({}))).rejects.toThrow("there is no module b.js in the bundle");
});

test.each([
  ["a module that awaits at its top level", "export const x = await 1;", true],
  ["a loop that does", "for await (const x of []) x;", true],
  ["an async function", "export const f = async () => await 1;", false],
  ["a mention", "export const text = 'await me';", false],
])("%s", async (_name, source, refused) => {
  const check = refuseTopLevelAwait([module("some/where.js", source)]);
  if (refused) await expect(check).rejects.toThrow(/Top-level awaits .*some\/where\.js/);
  else await expect(check).resolves.toBeUndefined();
});
