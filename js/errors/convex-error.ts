import type { Value } from "convex/values";
import { ConvexError } from "convex/values";
import type { FaultShape } from "./fault.js";

/** The error of a fault. Only a ConvexError's data crosses from one function of Convex to another, or to a client. */
export function convexErrorOf(fault: FaultShape): ConvexError<Value> {
  // What a fault says in its `meta` came from the core as JSON.
  return new ConvexError({ ...fault } as object as Value);
}
