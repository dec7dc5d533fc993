import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";
import { isRefusal } from "../client/refusal.js";
import { sessionIdOf } from "../client/token-expiry.js";
import { isGateError } from "../errors/index.js";
import type { RequestAuth } from "./types.js";

/** What a query gave to the user of a page. */
export interface PreloadedValue<T> {
  /** The id of the session whose data it is; null where nobody is signed in, or that is not known. */
  readonly session: string | null;
  /** Left out where there was nobody to ask for, or no answer. */
  readonly value?: T;
}

/**
 * Asks a query for whoever sent the request. Where nobody is signed in, the session has just ended or nobody answers, there is
 * no value: the page is rendered all the same, and says so. Throws what the query throws otherwise.
 */
export async function preloadedValue<Query extends FunctionReference<"query">>(
  auth: RequestAuth,
  query: Query,
  ...args: OptionalRestArgs<Query>
): Promise<PreloadedValue<FunctionReturnType<Query>>> {
  const { token } = await auth.getState();
  const session = sessionIdOf(token);
  if (token === null) return { session };
  try {
    return { session, value: await auth.fetchQuery(query, ...args) };
  } catch (error) {
    if (isRefusal(error) || isGateError(error, "AUTH_UNAVAILABLE")) return { session };
    throw error;
  }
}
