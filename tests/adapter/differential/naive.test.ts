/** A thousand generated questions, through the adapter, the component and the built wasm, against a naive filter. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { kinds, QUESTIONS, runs, world } from "./cases.js";
import { ask, databases, fill, tally } from "./databases.js";
import { comparable, matching, sortedKeys } from "./oracle.js";

const WORLDS = 1000 / QUESTIONS;

it("a planned answer is the naive one", { timeout: 120_000 }, async () => {
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ rows, questions }) => {
      const database = databases.convex();
      await fill(database, rows);
      for (const question of questions) {
        cases += 1;
        const { sortBy, limit = 100, offset = 0 } = question;
        const expected = matching(rows, question);
        expect(await tally(database, question)).toBe(expected.length);
        const answer = await ask(database, question);
        if (typeof answer === "string") throw new Error(answer);
        const ids = answer.map(({ id }) => id);
        const possible = new Set(expected.map(({ id }) => id));
        expect(ids.filter((id) => !possible.has(id))).toEqual([]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(Math.max(0, Math.min(limit, expected.length - offset)));
        if (sortBy) {
          const keys = answer.map((row) => comparable(row[sortBy.field]));
          expect(keys).toEqual(sortedKeys(rows, question));
        }
      }
    }),
    runs(WORLDS),
  );
  expect(cases).toBeGreaterThanOrEqual(1000);
});

it("rows come back as they were written", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ rows }) => {
      const database = databases.convex();
      await fill(database, rows);
      const found = await ask(database, { where: [], sortBy: { field: "id", direction: "asc" } });
      if (typeof found === "string") throw new Error(found);
      for (const row of rows) {
        const back = found.find(({ id }) => id === row.id);
        for (const field of Object.keys(kinds)) {
          expect(comparable(back?.[field]), field).toEqual(comparable(row[field]));
        }
      }
    }),
    runs(WORLDS),
  );
});

it(
  "a write by a filter changes what the naive filter finds, and nothing else",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ rows, questions }) => {
        const database = databases.convex();
        const { adapter } = database;
        await fill(database, rows);
        const left = new Map(rows.map((row) => [row.id, row]));
        for (const [turn, { where }] of questions.slice(0, 5).entries()) {
          const now = [...left.values()];
          const args = { model: "session", where: where as never };
          const changing = matching(now, { where });
          const update = { userAgent: `turn ${String(turn)}` };
          expect(await adapter.updateMany({ ...args, update })).toBe(changing.length);
          const changed = await adapter.findMany<{ id: string }>({
            model: "session",
            where: [{ field: "userAgent", value: update.userAgent }],
          });
          expect(changed.map(({ id }) => id).sort()).toEqual(changing.map(({ id }) => id).sort());
          if (changing.length === now.length) continue;
          expect(await adapter.deleteMany(args)).toBe(changing.length);
          for (const { id } of changing) left.delete(id);
          const rest = await ask(database, { where: [] });
          expect(typeof rest === "string" ? rest : rest.map(({ id }) => id).sort()).toEqual(
            [...left.keys()].sort(),
          );
        }
      }),
      runs(WORLDS),
    );
  },
);

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "%s is refused and nothing is written",
  async (hits) => {
    const { adapter } = databases.convex();
    const data = { token: "t", userId: "u", expiresAt: new Date(0), hits };
    await expect(adapter.create({ model: "session", data })).rejects.toMatchObject({
      code: "UNSUPPORTED_VALUE",
    });
    expect(await adapter.count({ model: "session" })).toBe(0);
  },
);
