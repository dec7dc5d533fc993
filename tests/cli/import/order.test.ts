/** The order that a deployment tells of its models. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getAuthTables } from "better-auth/db";
import { jwt, organization } from "better-auth/plugins";
import { oauthProvider } from "@better-auth/oauth-provider";
import { importOrder } from "../../../js/server/import/order.js";

/** Tables by the models that each refers to; those that it can do without end in `?`. */
function tablesOf(references: Record<string, readonly string[]>) {
  return Object.fromEntries(
    Object.entries(references).map(([model, targets]) => [
      model,
      {
        fields: Object.fromEntries(
          targets.map((target) => [
            target,
            {
              references: { model: target.replace("?", "") },
              ...(target.endsWith("?") && { required: false }),
            },
          ]),
        ),
      },
    ]),
  );
}

describe("the order of the models", () => {
  it("has each after those that it refers to, with the plugins that refer to each other the most", () => {
    const plugins = [
      oauthProvider({ loginPage: "/sign-in", consentPage: "/consent" }),
      jwt(),
      organization({ teams: { enabled: true } }),
    ];
    const tables = getAuthTables({ plugins });
    const order = importOrder(tables);
    expect([...order].sort()).toEqual(Object.keys(tables).sort());
    let references = 0;
    for (const [model, { fields }] of Object.entries(tables))
      for (const { references: to } of Object.values(fields)) {
        if (!to || to.model === model) continue;
        references += 1;
        expect([model, order.indexOf(to.model) < order.indexOf(model)]).toEqual([model, true]);
      }
    expect(references).toBeGreaterThan(15);
  });

  it("is that of the tables where nothing else says so, and a model may refer to itself", () => {
    expect(importOrder(tablesOf({ c: [], a: ["a"], b: [], d: ["b"] }))).toEqual([
      "c",
      "a",
      "b",
      "d",
    ]);
    expect(importOrder(tablesOf({ a: ["gone"] }))).toEqual(["a"]);
    expect(importOrder({})).toEqual([]);
  });

  it("begins a circle where a row can do without the others, and has what belongs to it after it", () => {
    const tables = { session: ["user"], organization: ["user"], user: ["organization?"] };
    expect(importOrder(tablesOf(tables))).toEqual(["user", "session", "organization"]);
    expect(importOrder(tablesOf({ leaf: ["b"], b: ["a"], a: ["b"] }))).toEqual(["b", "leaf", "a"]);
  });

  it("of any references has every model once, and none before one that it refers to unless both are in a circle", () => {
    const models = ["a", "b", "c", "d", "e", "f"];
    const targets = fc.uniqueArray(fc.constantFrom(...models, "a?", "b?", "c?"), { maxLength: 3 });
    const all = fc.record(Object.fromEntries(models.map((model) => [model, targets])));
    fc.assert(
      fc.property(all, (references) => {
        const order = importOrder(tablesOf(references));
        expect([...order].sort()).toEqual(models);
        const reaches = (from: string, to: string, met = new Set<string>()): boolean =>
          (references[from] ?? [])
            .map((target) => target.replace("?", ""))
            .some(
              (target) =>
                target === to || (!met.has(target) && reaches(target, to, met.add(target))),
            );
        for (const [at, model] of order.entries())
          for (const target of references[model] ?? []) {
            const to = target.replace("?", "");
            if (order.indexOf(to) > at) expect([model, to, reaches(to, model)]).toContain(true);
          }
      }),
    );
  });
});
