import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";
import type { Preloaded } from "../client/preloaded.js";
import { argsKey } from "../client/preloaded.js";
import { isRefusal } from "../client/refusal.js";
import { sessionIdOf } from "../client/token-expiry.js";
import type { RequestAuth } from "../ssr/index.js";

/**
 * Asks a query for whoever sent the request, in a `load` of the server: `useAuthQuery` of `convex-gate/svelte` shows it until the
 * live result is there. Never throws: where nobody is signed in, or there is no answer, the page is rendered without it and asks
 * for it live. Errors other than that the session has just ended are logged.
 */
export async function preloadAuthQuery<Query extends FunctionReference<"query">>(
  auth: RequestAuth,
  query: Query,
  ...args: OptionalRestArgs<Query>
): Promise<Preloaded<FunctionReturnType<Query>>> {
  const { token } = await auth.getState();
  const asked = { session: sessionIdOf(token), args: argsKey(args[0]) };
  if (token === null) return asked;
  try {
    return { ...asked, value: await auth.fetchQuery(query, ...args) };
  } catch (error) {
    if (!isRefusal(error)) console.error(`[convex-gate] preloadAuthQuery: ${String(error)}`);
    return asked;
  }
}
