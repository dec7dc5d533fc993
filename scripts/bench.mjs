/**
 * `npm run bench`: builds everything, installs the peer beside its app, and measures both sides in one run. With
 * `-- --footprint` it measures what an app weighs on both sides instead, which takes a minute and no quiet machine, with
 * `-- --page-load` the time to the first protected data in Chromium, with `-- --lane` our fast lane against the full way, and
 * with `-- --first-call` the component's part of the first `getAuthUser` after a deployment.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { root, run, step } from "./lib/process.mjs";
import { runTypeScript } from "./lib/run-typescript.mjs";

const OTHERS = {
  "--first-call": "first-call.ts",
  "--footprint": "footprint/footprint.ts",
  "--lane": "lane.ts",
  "--page-load": "page-load/page-load.ts",
};
const peer = join(root, "tests/bench/peer");

await main(async () => {
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
  await step("the peer's packages", async () => {
    if (existsSync(join(peer, "node_modules/@convex-dev/better-auth"))) return "present";
    await run("npm", ["ci"], { cwd: peer });
    return "installed";
  });
  const [, , ...given] = process.argv;
  const other = Object.keys(OTHERS).find((flag) => given.includes(flag));
  const args = given.filter((arg) => arg !== other);
  const program = OTHERS[other] ?? "main.ts";
  process.exitCode = await runTypeScript(`tests/bench/${program}`, args);
});
