/** `npm test [-- GROUP…]`: everything that CI runs, or the named groups (rust, types, bytes, js, browser, package) after the build. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { main } from "./lib/main.mjs";
import { parts } from "./lib/parts.mjs";
import { runParts } from "./lib/run-parts.mjs";

await main(async () => {
  const groups = process.argv.slice(2);
  const needsBrowser = groups.length === 0 || groups.includes("browser");
  const { wasmEnv } = await bootstrap(needsBrowser ? ["browser"] : []);
  const chosen = parts(wasmEnv).filter(
    ({ group }) => groups.length === 0 || group === "build" || groups.includes(group),
  );
  console.log("tests");
  const { passed, failed, skipped } = await runParts(chosen);
  for (const each of skipped) console.log(`  skipped: ${each}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
});
