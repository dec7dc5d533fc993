/** `node scripts/build-wasm.mjs [core|jwt|password|foreign]`: builds the wasm modules and checks them. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { main } from "./lib/main.mjs";
import { buildAllWasm } from "./lib/build.mjs";

await main(async () => {
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv, process.argv.slice(2));
});
