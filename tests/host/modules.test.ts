import * as vm from "node:vm";
import { expect, test } from "vitest";
import { createModuleSet } from "./modules.js";

const module = (
  path: string,
  source: string,
): { path: string; source: string; environment: string } => ({
  path,
  source,
  environment: "isolate",
});

test("imports are found beside the importing module and evaluated once per context", async () => {
  const modules = createModuleSet([
    module(
      "a/one.js",
      `import { n } from "../_deps/x.js"; import "./two.js"; export const seen = n;`,
    ),
    module("a/two.js", `import "../_deps/x.js";`),
    module(
      "_deps/x.js",
      `globalThis.evaluated = (globalThis.evaluated ?? 0) + 1; export const n = globalThis.evaluated;`,
    ),
    module("unused.js", "throw new Error()"),
  ]);
  for (let i = 0; i < 3; i++) {
    const { namespace, bytes } = await modules.evaluate("a/one.js", vm.createContext({}));
    expect(namespace["seen"]).toBe(1);
    expect(bytes).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(250);
  }
});

test("a module that is imported dynamically counts when it is evaluated, and once", async () => {
  const modules = createModuleSet([
    module("entry.js", `import "./now.js"; export const load = () => import("./late.js");`),
    module("now.js", `globalThis.now = 1;`),
    module("late.js", `import "./later.js"; export const late = 1;`),
    module("later.js", `globalThis.later = 1;`),
  ]);
  const late: number[] = [];
  const { namespace } = await modules.evaluate("entry.js", vm.createContext({ Promise }), {
    dynamicImports: true,
    onDynamicImport: (bytes) => late.push(bytes),
  });
  expect(late).toEqual([]);
  const load = namespace["load"] as () => Promise<{ late: number }>;
  expect((await load()).late).toBe(1);
  await load();
  expect(late.sort((a, b) => a - b)).toEqual([21, 43]);
});

test("two sets of the same modules share what is compiled, and none with other modules", async () => {
  const modules = [module("a.js", `export const seen = 1;`)];
  const compiled = await createModuleSet(modules).compileForNode("a.js");
  expect(await createModuleSet(modules).compileForNode("a.js")).toBe(compiled);
  expect(await createModuleSet([...modules]).compileForNode("a.js")).not.toBe(compiled);
  expect(await createModuleSet(modules, () => undefined).compileForNode("a.js")).not.toBe(compiled);
});

test("a missing import names the module", async () => {
  const modules = createModuleSet([module("a.js", `import "./b.js";`)]);
  await expect(modules.evaluate("a.js", vm.createContext({}))).rejects.toThrow(
    "there is no module b.js in the bundle",
  );
});

test.each([
  ["a module that awaits at its top level", "export const x = await 1;", true],
  ["a loop that does", "for await (const x of []) x;", true],
  ["an async function", "export const f = async () => await 1;", false],
  ["a mention", "export const text = 'await me';", false],
])("%s", async (_name, source, refused) => {
  const modules = createModuleSet([
    module("entry.js", `import "./some/where.js";`),
    module("some/where.js", source),
  ]);
  const pushed = modules.evaluate("entry.js", vm.createContext({}));
  if (refused) await expect(pushed).rejects.toThrow(/Top-level awaits .*some\/where\.js/);
  else await expect(pushed).resolves.toBeDefined();
});

test("live bindings, cycles and export star behave as in modules", async () => {
  const modules = createModuleSet([
    module(
      "entry.js",
      `import { n, bump } from "./counter.js"; export * from "./counter.js"; bump(); export const seen = n;`,
    ),
    module(
      "counter.js",
      `import { seen } from "./entry.js"; export let n = 0; export function bump() { n += 1; } export const late = () => seen;`,
    ),
  ]);
  const { namespace } = await modules.evaluate("entry.js", vm.createContext({}));
  expect(namespace["seen"]).toBe(1);
  expect(namespace["n"]).toBe(1);
  expect((namespace["late"] as () => number)()).toBe(1);
  expect(Object.keys(namespace).sort()).toEqual(["bump", "late", "n", "seen"]);
});

test("code is strict and sees nothing of CommonJS", async () => {
  const source = `
    export const seen = [typeof require, typeof module, typeof exports, typeof __dirname, typeof this];
    export const own = ((module) => module.exports)({ exports: "own" });`;
  const { namespace } = await createModuleSet([module("a.js", source)]).evaluate(
    "a.js",
    vm.createContext({}),
  );
  expect(namespace["seen"]).toEqual(Array(5).fill("undefined"));
  expect(namespace["own"]).toBe("own");
});

test("a context can be forgotten when its call is over", async () => {
  const modules = createModuleSet([
    module("a.js", "export const kept = new Array(1e6).fill(1.5);"),
  ]);
  const collected: number[] = [];
  const registry = new FinalizationRegistry((call: number) => void collected.push(call));
  for (let call = 0; call < 20; call++)
    registry.register((await modules.evaluate("a.js", vm.createContext({}))).namespace, call);
  for (let i = 0; i < 50 && collected.length < 10; i++) {
    // Allocating is what makes the collector run without a flag.
    new Array(1e6).fill(Math.random());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(collected.length).toBeGreaterThanOrEqual(10);
});
