/** Better Auth's own adapter suites, unmodified, through the adapter, the component and the built wasm. */
import { execFileSync } from "node:child_process";
import { fileURLToPath, URL } from "node:url";
import {
  authFlowTestSuite,
  caseInsensitiveTestSuite,
  joinsTestSuite,
  normalTestSuite,
  testAdapter,
  transactionsTestSuite,
  uuidTestSuite,
} from "@better-auth/test-utils/adapter";
import { expect, it } from "vitest";
import type { RunnerTask } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";

const { store } = createComponentHarness();

const suites = {
  normalTestSuite,
  joinsTestSuite,
  uuidTestSuite,
  caseInsensitiveTestSuite,
  authFlowTestSuite,
  transactionsTestSuite,
};

/** The one suite that is left out: Convex has no serial ids, and asking for them is refused (`adapter.test.ts`). */
const leftOut = "numberIdTestSuite";

const { execute } = await testAdapter({
  adapter: () => createConvexGateAdapter({ store: store() }),
  // Tables and fields need no declaration, so there is nothing to migrate.
  runMigrations: () => undefined,
  tests: Object.values(suites).map((suite) => suite()),
});

execute();

it("every official test ran and passed: as many, and the same, as the package contains", ({
  task,
}) => {
  const script = fileURLToPath(new URL("./support/count-official.mjs", import.meta.url));
  const { [leftOut]: serial, ...official } = JSON.parse(
    execFileSync(process.execPath, [script], { encoding: "utf8" }),
  ) as Record<string, string[]>;
  expect(Object.keys(official).sort()).toEqual(Object.keys(suites).sort());
  expect(serial?.length).toBeGreaterThan(0);

  const expected = Object.values(official).flat().map(plain).sort();
  const passed = testsOf(task.file)
    .filter(({ result }) => result?.state === "pass")
    .map(({ name }) => plain(name))
    // Before its own tests a suite registers one that draws a line with the suite's name.
    .filter((name) => !name.startsWith("─"))
    .sort();
  expect(passed).toEqual(expected);
  console.log(
    `note: official adapter suites: ${String(passed.length)} of ${String(expected.length)} official`,
  );
});

function testsOf(suite: { tasks: RunnerTask[] }): RunnerTask[] {
  return suite.tasks.flatMap((task) => (task.type === "suite" ? testsOf(task) : [task]));
}

/** A test's name without the colours that depend on the terminal. */
function plain(name: string): string {
  return name.replace(/\u001b\[\d+m/g, "").trim();
}
