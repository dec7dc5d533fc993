/** `npm run build`: `dist/`, ready for `npm pack`. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";

await main(async () => {
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
});
