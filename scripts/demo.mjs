/** `npm run demo [-- --example NAME] [--check]`: builds everything, then an example on the local host, or the flow through it. */
import { demoArguments } from "./lib/arguments.mjs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { runTypeScript } from "./lib/run-typescript.mjs";

await main(async () => {
  const args = demoArguments(process.argv.slice(2));
  if (args === undefined) return;
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
  process.exitCode = await runTypeScript("tests/e2e/demo.ts", args);
});
