/**
 * Errors of convex-gate that are of Better Auth's kind as well. They come about within requests, and Better Auth turns any
 * error but its own into a 500 without a body, or into one of its own choice.
 */
import { APIError } from "better-auth/api";
import type { GateError, GateErrorCode, GateErrorMeta } from "../errors/index.js";
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

/** The error for a call that Convex refused for want of room until patience was over: 503. Nothing was written. */
export function tooBusy(cause: unknown): GateError {
  return refusal("SERVICE_UNAVAILABLE", "TOO_BUSY", {
    message: TOO_BUSY_MESSAGE,
    cause,
    headers: RETRY_HEADERS,
  });
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
