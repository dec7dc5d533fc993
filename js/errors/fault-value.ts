import type { FaultShape } from "./fault.js";
import { isFault } from "./fault.js";

/** A refusal as the result of a component's function that was asked for it. No row is of this form: none holds objects. */
export interface FaultValue {
  readonly fault: FaultShape;
}

/** Tells whether an answer of the component is a refusal. */
export function isFaultValue(answer: unknown): answer is FaultValue {
  return (
    typeof answer === "object" && answer !== null && "fault" in answer && isFault(answer.fault)
  );
}
