/**
 * `npm run bench`: builds everything, installs the peer beside its app, and measures both sides in one run. With
 * `-- --footprint` it measures what an app weighs on both sides instead, which takes a minute and no quiet machine. With
 * `-- --lane` it measures our fast lane against the full way.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { root, run, step } from "./lib/process.mjs";
import { runTypeScript } from "./lib/run-typescript.mjs";

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
  const given = process.argv.slice(2);
  const args = given.filter((arg) => arg !== "--footprint" && arg !== "--lane");
  const program = given.includes("--footprint")
    ? "footprint/footprint.ts"
    : given.includes("--lane")
      ? "lane.ts"
      : "main.ts";
  process.exitCode = await runTypeScript(`tests/bench/${program}`, args);
});
