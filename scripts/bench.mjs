/** `npm run bench`: builds everything, installs the peer beside its app, and measures both sides in one run. */
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
  process.exitCode = await runTypeScript("tests/bench/main.ts", process.argv.slice(2));
});
