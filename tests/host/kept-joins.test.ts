/** What is kept of an entry is what was made of the same, and of nothing else. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { keptJoin } from "./kept-joins.js";
import type { JoinIdentity } from "./kept-joins.js";

/** Nobody else in this run has these. */
const unique = randomUUID();
const identity = (changed: Partial<JoinIdentity> = {}): JoinIdentity => ({
  sources: new Map([
    ["a.js", `import "./b.js"; // ${unique}`],
    ["b.js", "export {};"],
  ]),
  entry: "a.js",
  dynamicImports: false,
  ...changed,
});

it("is made once for the same, and anew for whatever differs", async () => {
  let made = 0;
  const join = (): Promise<{ code: string; bytes: number }> => {
    made += 1;
    return Promise.resolve({ code: `code ${String(made)}`, bytes: made });
  };
  expect(await keptJoin(identity(), join)).toEqual({ code: "code 1", bytes: 1 });
  expect(await keptJoin(identity(), join)).toEqual({ code: "code 1", bytes: 1 });
  const { sources } = identity();
  const others = [
    { entry: "b.js" },
    { dynamicImports: true },
    { sources: new Map([...sources, ["b.js", "export { };"]]) },
    { sources: new Map([...sources, ["c.js", ""]]) },
    { sources: new Map([...sources].slice(0, 1)) },
    // The same texts, cut elsewhere.
    { sources: new Map([...sources, ["c.js", "12"]]) },
    { sources: new Map([...sources, ["c.js1", "2"]]) },
  ];
  for (const [index, other] of others.entries())
    expect(await keptJoin(identity(other), join)).toMatchObject({ bytes: index + 2 });
});

it("that failed is tried again", async () => {
  const other = identity({ entry: "failing.js" });
  const failing = (): Promise<never> => Promise.reject(new Error("no such module"));
  await expect(keptJoin(other, failing)).rejects.toThrow("no such module");
  const join = (): Promise<{ code: string; bytes: number }> =>
    Promise.resolve({ code: "", bytes: 7 });
  expect(await keptJoin(other, join)).toEqual({ code: "", bytes: 7 });
});
