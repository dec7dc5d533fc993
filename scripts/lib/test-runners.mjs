/** The runners whose tests are counted one by one: cargo and vitest. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { cargoWorkspace } from "./cargo.mjs";
import { root, spawned } from "./process.mjs";

/**
 * What a part of `npm test` gives. `notes` are lines that are worth reading even when nothing failed; `files` are test
 * files with the seconds that their tests and hooks took.
 * @typedef {{ passed: number, failed: number, skipped?: string[], notes?: string[], output?: string, files?: { name: string, clock: number }[] }} Outcome
 */

/** What one part makes once is there for the others, see `tests/support/once-a-run.ts`. */
const TEST_RUN = `${process.pid}-${Date.now()}`;

/** Every test of the cargo workspace. */
export async function cargoTests() {
  const { code, output } = await cargoWorkspace("test", "--no-fail-fast");
  const sum = { passed: 0, failed: 0, skipped: [] };
  for (const [, ok, bad] of output.matchAll(/^test result: .*? (\d+) passed; (\d+) failed;/gm)) {
    sum.passed += Number(ok);
    sum.failed += Number(bad);
  }
  for (const [, name, reason] of output.matchAll(/^test (\S+) \.\.\. ignored(?:, (.*))?$/gm)) {
    sum.skipped.push(`${name}: ${reason ?? "no reason given"}`);
  }
  return verdict(sum, code, output);
}

/** Every test of a vitest project, or of the named files of it, so many files at once. A line that a test prints after `note: ` becomes a note. */
export async function vitest(project, files = [], workers) {
  const folder = join(root, "tests/output");
  const report = join(folder, `vitest-${project}.json`);
  const retries = join(folder, `retried-${project}.txt`);
  mkdirSync(folder, { recursive: true });
  for (const file of [report, retries]) rmSync(file, { force: true });
  const { code, output } = await spawned(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      ...files,
      "--project",
      project,
      ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      `--reporter=${join(root, "scripts/lib/retried-reporter.mjs")}`,
    ],
    { env: { RETRIED_FILE: retries, NO_COLOR: "1", TEST_RUN } },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1, output };
  const result = JSON.parse(readFileSync(report, "utf8"));
  const skipped = result.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "pending" || status === "skipped" || status === "todo")
    .map(({ fullName }) => fullName);
  // A file that cannot be loaded has no tests that could fail.
  const broken = result.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const notes = [...new Set([...output.matchAll(/^note: (.*)$/gm)].map(([, note]) => note))];
  if (existsSync(retries)) notes.push(...readFileSync(retries, "utf8").trim().split("\n"));
  return verdict(
    {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken.length,
      skipped,
      notes,
      files: result.testResults.map(({ name, startTime, endTime }) => ({
        name: relative(root, name),
        clock: (endTime - startTime) / 1000,
      })),
    },
    code,
    output,
  );
}

/** A runner that ended badly, or ran nothing, has failed whatever it counted. */
function verdict(sum, code, output) {
  const unexplained = sum.failed === 0 && (code !== 0 || sum.passed === 0);
  const result = unexplained ? { ...sum, failed: 1 } : sum;
  return result.failed > 0 ? { ...result, output } : result;
}
