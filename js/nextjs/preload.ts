/** Queries of the signed-in user that a Server Component asks, for Client Components to go on with. */
import type { FunctionReference, OptionalRestArgs } from "convex/server";
import { getFunctionName } from "convex/server";
import type { JSONValue, Value } from "convex/values";
import { convexToJson } from "convex/values";
import type { RequestAuth } from "../ssr/index.js";
import { preloadedValue } from "../ssr/preloaded-value.js";

/**
 * What `preloadAuthQuery` gives, as a property for the Client Component that calls `usePreloadedAuthQuery`. It holds a
 * user's data: it belongs into the page of that user and into no cache.
 */
export interface PreloadedAuthQuery<Query extends FunctionReference<"query">> {
  /** Only there for the compiler. */
  readonly query?: Query;
  readonly name: string;
  readonly args: JSONValue;
  /** Left out where there was nobody to ask for, or no answer. */
  readonly value?: JSONValue;
  /** The id of the session whose data it is. */
  readonly session: string | null;
}

/** Asks a query for whoever sent the request. */
export async function preload<Query extends FunctionReference<"query">>(
  auth: RequestAuth,
  query: Query,
  ...args: OptionalRestArgs<Query>
): Promise<PreloadedAuthQuery<Query>> {
  const { session, ...answer } = await preloadedValue(auth, query, ...args);
  const asked = { name: getFunctionName(query), args: convexToJson(args[0] ?? {}), session };
  if (!("value" in answer)) return asked;
  return { ...asked, value: convexToJson(answer.value as Value) };
}
