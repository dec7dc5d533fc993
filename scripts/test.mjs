/** `npm test [-- GROUP…]`: everything that CI runs, or the named groups (rust, types, js, browser, package) after the build. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { main } from "./lib/main.mjs";
import { parts } from "./lib/parts.mjs";

await main(async () => {
  const groups = process.argv.slice(2);
  const needsBrowser = groups.length === 0 || groups.includes("browser");
  const { wasmEnv } = await bootstrap(needsBrowser ? ["browser"] : []);
  const chosen = parts(wasmEnv).filter(
    ({ group }) => groups.length === 0 || group === "build" || groups.includes(group),
  );
  const sum = { passed: 0, failed: 0, skipped: [] };
  console.log("tests");
  for (const part of chosen) {
    const startedAt = performance.now();
    const outcome = await part
      .run()
      .catch((error) => ({ passed: 0, failed: 1, output: String(error.stack) }));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const mark = outcome.failed === 0 ? "✓" : "✗";
    console.log(
      `  ${mark} ${part.name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds} s)`,
    );
    if (outcome.failed > 0) console.log(outcome.output.replace(/^/gm, "      "));
    for (const note of outcome.notes ?? []) console.log(`      ${note}`);
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
    sum.skipped.push(...(outcome.skipped ?? []));
  }
  for (const skipped of sum.skipped) console.log(`  skipped: ${skipped}`);
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
  if (sum.failed > 0 || sum.passed === 0) process.exitCode = 1;
});
