import { GateError, gateErrorCodes } from "./index.js";
import type { GateErrorCode, GateErrorMeta } from "./index.js";

/** A failure as it crosses the wasm boundary and, as the data of a ConvexError, the component boundary. */
export interface FaultShape {
  readonly code: string;
  readonly message: string;
  readonly meta?: unknown;
}

/** Tells whether a value has the shape of a fault with a code of ours. */
export function isFault(value: unknown): value is FaultShape & { readonly code: GateErrorCode } {
  if (typeof value !== "object" || value === null) return false;
  if (!("code" in value) || !("message" in value) || typeof value.message !== "string")
    return false;
  return (gateErrorCodes as readonly unknown[]).includes(value.code);
}

/** What a ConvexError carries. Its class is lost on the way between functions, and in an action its data is text. */
export function dataOf(error: unknown): unknown {
  if (!(error instanceof Error) || !("data" in error)) return undefined;
  const { data } = error;
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** The error that a fault is thrown as. A code that this version does not know becomes `INTERNAL_FAULT`. */
export function faultToError(fault: FaultShape, cause?: unknown): GateError {
  const options = { meta: metaOf(fault), ...(cause === undefined ? {} : { cause }) };
  if (isFault(fault)) return new GateError(fault.code, fault.message, options);
  return new GateError("INTERNAL_FAULT", fault.message, options);
}

function metaOf(fault: FaultShape): GateErrorMeta | undefined {
  if (typeof fault.meta !== "object" || fault.meta === null) return undefined;
  return fault.meta as GateErrorMeta;
}
