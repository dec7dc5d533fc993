import type { ConvexError, Value } from "convex/values";
import { convexToJson } from "convex/values";

/** The outcome of a function, in Convex's JSON. */
export type FunctionResult =
  { ok: true; value: unknown } | { ok: false; message: string; data?: unknown };

/** What a client is told of an error. */
export function failure(error: unknown): FunctionResult {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && Symbol.for("ConvexError") in error) {
    const { data } = error as ConvexError<Value>;
    return { ok: false, message: `Uncaught ConvexError: ${message}`, data: convexToJson(data) };
  }
  // The backend's own words stand alone.
  const isOwn = /^(Argument|Returns)ValidationError: /.test(message);
  return { ok: false, message: isOwn ? message : `Uncaught Error: ${message}` };
}
