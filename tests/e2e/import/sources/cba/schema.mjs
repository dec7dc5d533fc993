/** Writes `convex/betterAuth/schema.js` as the package generates it for a local install. */
import { writeFile } from "node:fs/promises";
import { createClient } from "@convex-dev/better-auth";
import { authOptions } from "./convex/options.js";

const { database, ...options } = authOptions(createClient({ adapter: {} }).adapter({}));
const { code } = await database(options).createSchema(options);
await writeFile(new URL("./convex/betterAuth/schema.js", import.meta.url), code);
