/** The store's side of refusals as values: it asks for them, and throws them here, where no context is lost. */
import type { FaultShape } from "../errors/fault.js";
import { faultToError } from "../errors/fault.js";
import { isFaultValue } from "../errors/fault-value.js";
import type { GateErrorMeta } from "../errors/index.js";
import { limitExceeded, valueTooLarge } from "./refusals.js";

/** The arguments of a component's function that is to give its refusals as values. */
export function askingForFaults(args: object): object {
  return { ...args, faults: "values" };
}

/** An answer, unless it is a refusal: then its error is thrown. */
export function orThrow(answer: unknown): unknown {
  if (isFaultValue(answer)) throw errorOf(answer.fault);
  return answer;
}

/** The error of a refusal. What mostly comes with a request, or shows in one, is of Better Auth's kind as well. */
export function errorOf(fault: FaultShape, cause?: unknown): Error {
  const meta = fault.meta as GateErrorMeta | undefined;
  if (fault.code === "VALUE_TOO_LARGE") return valueTooLarge(fault.message, meta, cause);
  if (fault.code === "LIMIT_EXCEEDED") return limitExceeded(fault.message, meta, cause);
  return faultToError(fault, cause);
}
