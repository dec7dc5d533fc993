/**
 * `npm test [-- GROUP…]`: everything that CI runs, or the named groups after the build; `--help` lists them.
 * `--changed[=COMMIT]`: only what can be affected by what differs from there, by default from the branch's beginning.
 */
import { testArguments } from "./lib/arguments.mjs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { changedFiles } from "./lib/changed/changed-files.mjs";
import { chooseParts } from "./lib/changed/choose.mjs";
import { testGraph } from "./lib/changed/test-graph.mjs";
import { main } from "./lib/main.mjs";
import { parts } from "./lib/parts.mjs";
import { runParts } from "./lib/run-parts.mjs";
import { timeReport } from "./lib/time-report.mjs";

await main(async () => {
  const startedAt = performance.now();
  const known = [...new Set(parts({}).map(({ group }) => group))];
  const asked = testArguments(process.argv.slice(2), known);
  if (asked === undefined) return;
  const { groups, changed } = asked;
  const isOf = ({ group }) => groups.length === 0 || group === "build" || groups.includes(group);
  const { wasmEnv } = await bootstrap(
    groups.length === 0 || groups.includes("browser") ? ["browser"] : [],
  );
  let chosen = parts(wasmEnv).filter(isOf);
  if (changed !== undefined) chosen = await affected(chosen, changed || undefined);
  if (chosen.length === 0) return;
  console.log("tests");
  const { passed, failed, skipped, times } = await runParts(chosen);
  for (const each of skipped) console.log(`  skipped: ${each}`);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`\n${timeReport(times, seconds).join("\n")}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
});

async function affected(all, base) {
  const { since, from, paths } = changedFiles(base);
  console.log(`changed since ${since} (${from}): ${paths.length} files`);
  const { parts: chosen, notes } = chooseParts(all, paths, await testGraph());
  for (const note of notes) console.log(`  ${note}`);
  return chosen;
}
