// @vitest-environment node
import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginJournal, resumeJournal } from "../../../js/cli/import/journal.js";
import { runImport } from "../../../js/cli/import/run.js";
import type { SourceRecord } from "../../../js/cli/import/source.js";
import { createTally } from "../../../js/cli/import/tally.js";
import { createTestDeployment } from "./support/deployment.js";
import type { TestDeployment } from "./support/deployment.js";
import { credential, folderOf, sourceOf, user } from "./support/export.js";

/** How one process of an import ends. */
type End =
  /** The page does not arrive. */
  | "before"
  /** The page is written and its answer is lost. */
  | "after"
  /** The page is written, and the line of the journal only in part. */
  | "torn"
  /** Ctrl-C. */
  | "stopped";

const records: fc.Arbitrary<Omit<SourceRecord, "position">[]> = fc
  .array(
    fc.record({
      id: fc.nat(15),
      email: fc.nat(12),
      upper: fc.boolean(),
      accounts: fc.array(fc.nat(9), { maxLength: 3 }),
      field: fc.boolean(),
      drop: fc.boolean(),
      rowless: fc.boolean(),
    }),
    { minLength: 3, maxLength: 14 },
  )
  .map((all) =>
    all.map(({ id, email, upper, accounts, field, drop, rowless }) => {
      const name = `user${String(email)}@example.com`;
      const row = user(`u${String(id)}`, {
        email: upper ? name.toUpperCase() : name,
        ...(field ? { plan: "gold" } : {}),
      });
      return {
        rows: rowless
          ? []
          : [
              { model: "user", row },
              ...accounts.map((account) => ({
                model: "account",
                row: credential(row.id, {
                  id: `a${String(account)}`,
                  providerId: "other",
                  accountId: String(account % 7),
                  password: null,
                }),
              })),
            ],
        ...(drop ? { dropped: [{ model: "user", code: "GONE", why: "gone", id: row.id }] } : {}),
      };
    }),
  );

describe("an import that was cut off", () => {
  it("goes on to the same rows and the same report, wherever that was", async () => {
    const wrongs = new Set<End>();
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.integer({ min: 1, max: 7 }),
        fc.array(
          fc.record({
            pages: fc.nat(2),
            end: fc.constantFrom<End>("before", "after", "torn", "stopped"),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (all, mostRows, cuts) => {
          const whole = createTestDeployment();
          const straight = await run(all, whole, mostRows, []);
          const parts = createTestDeployment();
          const resumed = await run(all, parts, mostRows, cuts);
          for (const { end } of cuts) wrongs.add(end);
          expect(resumed).toEqual(straight);
          for (const table of ["user", "account"])
            expect(await parts.rows(table)).toEqual(await whole.rows(table));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
    expect(wrongs.size).toBe(4);
  });

  it("is not resumed with another file, nor into another deployment, nor without a state", async () => {
    const path = `${folderOf({})}/state`;
    const begun = { source: "better-auth", fingerprint: "one", deployment: "https://a", run: "r" };
    const ignored = (): void => {};
    await expect(resumeJournal(path, begun, ignored)).rejects.toMatchObject({
      code: "IMPORT_STATE",
    });
    await beginJournal(path, begun);
    for (const other of [{ fingerprint: "two" }, { deployment: "https://b" }, { source: "clerk" }])
      await expect(resumeJournal(path, { ...begun, ...other }, ignored)).rejects.toMatchObject({
        code: "IMPORT_STATE",
      });
    await expect(resumeJournal(path, begun, ignored)).resolves.toMatchObject({
      begun: { run: "r" },
    });
    // As a machine that lost its power may leave it.
    appendFileSync(path, "\0\0\0\n");
    await expect(resumeJournal(path, begun, ignored)).rejects.toMatchObject({
      code: "IMPORT_STATE",
    });
    truncateSync(path, 0);
    appendFileSync(path, "no state\n");
    await expect(resumeJournal(path, begun, ignored)).rejects.toMatchObject({
      code: "IMPORT_STATE",
    });
  });
});

/** Runs an import in as many processes as it takes, each but the last of which is cut off, and gives its report. */
async function run(
  all: readonly Omit<SourceRecord, "position">[],
  deployment: TestDeployment,
  mostRows: number,
  cuts: readonly { pages: number; end: End }[],
): Promise<object> {
  const path = `${folderOf({})}/state`;
  const begun = { source: "better-auth", fingerprint: "in memory", deployment: deployment.url };
  await beginJournal(path, { ...begun, run: "run" });
  for (const cut of [...cuts, undefined]) {
    const tally = createTally();
    const journal = await resumeJournal(path, begun, (more) => tally.add(more));
    let sent = 0;
    const isCut = (): boolean => cut !== undefined && sent > cut.pages;
    const done = await runImport({
      source: sourceOf(all),
      tally,
      journal,
      mostRows,
      isStopped: () => cut?.end === "stopped" && sent >= cut.pages,
      deployment: {
        async page(rows, page) {
          sent += 1;
          if (isCut() && cut?.end === "before") throw new Error("cut");
          const answer = await deployment.page(rows, page);
          if (isCut() && cut?.end !== "stopped") throw new Error("cut");
          return answer;
        },
      },
    }).catch((error: unknown) => {
      if (error instanceof Error && error.message === "cut") return false;
      throw error;
    });
    if (cut?.end === "torn") appendFileSync(path, '{"position":"3","sk');
    if (done) return { counts: tally.counts, issues: tally.issues };
  }
  throw new Error(`the last run was not cut off, and did not end: ${readFileSync(path, "utf8")}`);
}
