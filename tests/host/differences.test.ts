/** Holds the tables of `differences.md` against the tests: what is closed has its test, what is left its reason. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const page = readFileSync(join(import.meta.dirname, "differences.md"), "utf8");
const [, closed = "", left = ""] = page.split(/^## .*$/m);

const rowsOf = (table: string): string[][] =>
  table
    .split("\n")
    .filter((line) => /^\| (?!-)/.test(line))
    .slice(1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test.each(rowsOf(closed))("%s", (_what, held) => {
  const [, file = "", name = ""] = /^`([\w./-]+\.test\.ts)`: (.+)$/.exec(held) ?? [];
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  // As a whole name, or as the end of one that begins with what it is about.
  expect([held, text.includes(`${name}"`) || text.includes(`"${name}`)]).toEqual([held, true]);
});

test("each that is left has a reason, and none is in both tables", () => {
  const reasons = rowsOf(left);
  for (const [what, why = ""] of reasons) expect([what, why.length > 20]).toEqual([what, true]);
  const all = [...rowsOf(closed), ...reasons].map(([what]) => what);
  expect(new Set(all).size).toBe(all.length);
  console.log(
    `note: ${String(rowsOf(closed).length)} differences closed, ${String(reasons.length)} left`,
  );
});
