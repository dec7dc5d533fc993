/** `npm run demo [-- --check]`: builds everything, then the example app on the local host, or the flow through it. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { runTypeScript } from "./lib/run-typescript.mjs";

await main(async () => {
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
  process.exitCode = await runTypeScript("tests/e2e/demo.ts", process.argv.slice(2));
});
