/** The same generated questions to our adapter, to Better Auth's memory adapter and to its SQL adapter on SQLite. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition, Question, Row } from "./cases.js";
import { QUESTIONS, runs, world } from "./cases.js";
import type { Database } from "./databases.js";
import { ask, databases, fill, tally } from "./databases.js";
import { differences } from "./differences.js";
import { comparable } from "./oracle.js";

const WORLDS = 24;

/**
 * What a database says: which rows, how many, and the sort keys of the page that was asked for. Rows that sort alike may
 * come in any order, so those are compared and not the rows.
 */
async function answers(database: Database, question: Question, rows: readonly Row[]) {
  const { sortBy } = question;
  const found = await ask(database, { where: question.where });
  const page = sortBy ? await ask(database, question) : [];
  return {
    ids: typeof found === "string" ? found : found.map(({ id }) => id).sort(),
    count: await tally(database, question),
    page:
      typeof page === "string" || !sortBy
        ? page
        : page.map(({ id }) => comparable(rows.find((row) => row.id === id)?.[sortBy.field])),
  };
}

describe.each(["memory", "sqlite"] as const)("the %s adapter", (than) => {
  const listed = differences.filter((each) => each.than === than);

  it("answers the same but for the list of differences", { timeout: 120_000 }, async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(world, async ({ rows, questions }) => {
        const ours = databases.convex();
        const theirs = await databases[than]();
        try {
          await fill(ours, rows);
          await fill(theirs, rows);
          for (const question of questions) {
            if (listed.some(({ concerns }) => concerns(question, rows))) continue;
            compared += 1;
            expect(await answers(ours, question, rows)).toEqual(
              await answers(theirs, question, rows),
            );
          }
        } finally {
          theirs.close();
        }
      }),
      runs(WORLDS),
    );
    // The list must not swallow the comparison.
    expect(compared).toBeGreaterThan((WORLDS * QUESTIONS) / 5);
  });

  it.each(listed)("differs in: $what", async ({ example, concerns }) => {
    const rows = example.rows as Row[];
    const question: Question = {
      ...(example.sortBy && { sortBy: example.sortBy }),
      where: (example.where ?? []).map((condition) => ({
        operator: "eq",
        connector: "AND",
        mode: "sensitive",
        ...condition,
      })) as Condition[],
    };
    const ours = databases.convex();
    const theirs = await databases[than]();
    await fill(ours, rows);
    await fill(theirs, rows);
    const our = await answers(ours, question, rows);
    const their = await answers(theirs, question, rows);
    theirs.close();
    expect(our).toMatchObject(example.ours);
    expect(their).not.toEqual(our);
    expect(concerns(question, rows)).toBe(true);
  });
});
