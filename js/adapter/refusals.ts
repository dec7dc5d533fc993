/**
 * Errors of convex-gate that are of Better Auth's kind as well. They come about within requests, and Better Auth turns any
 * error but its own into a 500 without a body, or into one of its own choice.
 */
import { APIError } from "better-auth/api";
import type { GateError, GateErrorCode, GateErrorMeta } from "../errors/index.js";
import type { TriggerRefusal } from "./trigger-protocol.js";
import { RETRY_HEADERS, TOO_BUSY_MESSAGE } from "./crowding.js";

/** The error for data that no row can hold: 413. */
export function valueTooLarge(message: string, meta?: GateErrorMeta, cause?: unknown): GateError {
  return refusal("PAYLOAD_TOO_LARGE", "VALUE_TOO_LARGE", { message, meta, cause });
}

/**
 * The error for work that is too large for one transaction or call: 500, with the code and the advice instead of an empty
 * body.
 */
export function limitExceeded(message: string, meta?: GateErrorMeta, cause?: unknown): GateError {
  return refusal("INTERNAL_SERVER_ERROR", "LIMIT_EXCEEDED", { message, meta, cause });
}

/** Convex's words (1.48) for a transaction that reads or writes more than it may. The error has no class and no code. */
const overLimit = / in a single function execution \(limit: (\d+)/;

/** The error for a call that Convex itself ended at a limit; undefined for any other error. */
export function convexLimitExceeded(error: unknown): GateError | undefined {
  const found = error instanceof Error && overLimit.exec(error.message);
  if (!found) return undefined;
  // Not a part of the expression, which would look for it anew at each letter: an error may quote what strangers wrote.
  const what = found.input.slice(0, found.index).split(/[:.]/).at(-1)?.trim() ?? "";
  return limitExceeded(
    `this is more than one transaction of Convex may do (${what}): call it from an action, where large work goes in pages, or do less at a time`,
    { limit: what, most: Number(found[1]) },
    error,
  );
}

/** The error for a call that Convex refused for want of room until patience was over: 503. Nothing was written. */
export function tooBusy(cause: unknown): GateError {
  return refusal("SERVICE_UNAVAILABLE", "TOO_BUSY", {
    message: TOO_BUSY_MESSAGE,
    cause,
    headers: RETRY_HEADERS,
  });
}

/** The error for what a trigger of the app refused, with the trigger's code and message. Nothing was written. */
export function refusedByTrigger(
  { code, message, status }: TriggerRefusal,
  cause: unknown,
): APIError {
  return new APIError(status as Status, { code, message, cause });
}

type Status = ConstructorParameters<typeof APIError>[0];

/** The error for triggers that the app does not export: 500, with the line to add. */
export function triggersNotExported({ message, meta, cause }: GateError): GateError {
  return refusal("INTERNAL_SERVER_ERROR", "TRIGGERS_NOT_EXPORTED", { message, meta, cause });
}

function refusal(
  status: "INTERNAL_SERVER_ERROR" | "PAYLOAD_TOO_LARGE" | "SERVICE_UNAVAILABLE",
  code: GateErrorCode,
  of: {
    message: string;
    meta?: GateErrorMeta | undefined;
    cause?: unknown;
    headers?: HeadersInit;
  },
): GateError {
  const { message, meta, cause, headers = {} } = of;
  const body = { code, message, ...(cause === undefined ? {} : { cause }) };
  const error = new APIError(status, body, headers);
  return Object.assign(error, { name: "GateError", code, meta } as const);
}
