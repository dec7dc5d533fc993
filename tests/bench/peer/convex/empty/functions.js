/** What any call of any component costs on the host: a context, `convex/server`, and nothing else. */
import { queryGeneric } from "convex/server";

export const nothing = queryGeneric({ args: {}, handler: () => null });
