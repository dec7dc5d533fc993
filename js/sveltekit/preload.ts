import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";
import type { PreloadedAuthQuery } from "../client/preloaded.js";
import { argsKey } from "../client/preloaded.js";
import type { RequestAuth } from "../ssr/index.js";
import { preloadedValue } from "../ssr/preloaded-value.js";

/**
 * Asks a query for whoever sent the request, in a `load` of the server: `useAuthQuery` of `convex-gate/svelte` shows it until the
 * live result is there. Where nobody is signed in, or nobody answers, the page is rendered without it and asks for it live.
 * Throws what the query throws otherwise.
 */
export async function preloadAuthQuery<Query extends FunctionReference<"query">>(
  auth: RequestAuth,
  query: Query,
  ...args: OptionalRestArgs<Query>
): Promise<PreloadedAuthQuery<FunctionReturnType<Query>>> {
  return { ...(await preloadedValue(auth, query, ...args)), args: argsKey(args[0]) };
}
