/** How to import every server half that this bundle holds. The file is written anew for each bundle, see support/bundle.ts. */
import type { ServerSets } from "../../support/server-set.js";

/** By the plugin's name. */
export const registry: Readonly<Record<string, () => Promise<ServerSets>>> = {};
