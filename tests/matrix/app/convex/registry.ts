/** Every server half that this bundle holds. The file is written anew for each bundle, see support/bundle.ts. */
import type { ServerSets } from "../../support/server-set.js";

export const registry: ServerSets = {};
