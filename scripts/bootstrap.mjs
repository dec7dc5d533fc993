/** `node scripts/bootstrap.mjs [browser]`: makes a clone ready to build. */
import { main } from "./lib/main.mjs";
import { bootstrap } from "./lib/bootstrap.mjs";

await main(() => bootstrap(process.argv.slice(2)));
