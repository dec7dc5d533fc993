import { convexToJson } from "convex/values";
import type { Value } from "convex/values";

/** What a server got from a query for the user of a page, as it travels with the page. It belongs into no cache. */
export interface PreloadedAuthQuery<T> {
  /** The id of the session whose data it is; null where there was nobody to ask for. */
  readonly session: string | null;
  /** The arguments in one form, see {@link argsKey}. */
  readonly args: string;
  /** Left out where there was no answer. */
  readonly value?: T;
}

/** The arguments of a query as a text that is the same for the same arguments. */
export function argsKey(args: Value | undefined): string {
  return JSON.stringify(convexToJson(args ?? {}));
}
