/**
 * `npm run bench`: builds everything, installs the peer beside its app, and measures both sides in one run. With
 * `-- --footprint` it measures what an app weighs on both sides instead, which takes a minute and no quiet machine, with
 * `-- --page-load` the time to the first protected data in Chromium, with `-- --lane` our fast lane against the full way, and
 * with `-- --first-call` the component's part of the first `getAuthUser` after a deployment.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { benchArguments } from "./lib/arguments.mjs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { root, run, step } from "./lib/process.mjs";
import { runTypeScript } from "./lib/run-typescript.mjs";

const peer = join(root, "tests/bench/peer");

await main(async () => {
  const asked = benchArguments(process.argv.slice(2));
  if (asked === undefined) return;
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
  await step("the peer's packages", async () => {
    if (existsSync(join(peer, "node_modules/@convex-dev/better-auth"))) return "present";
    await run("npm", ["ci"], { cwd: peer });
    return "installed";
  });
  process.exitCode = await runTypeScript(`tests/bench/${asked.file}`, asked.args);
});
