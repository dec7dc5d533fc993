import type { GateErrorCode } from "./codes.js";

export { gateErrorCodes } from "./codes.js";
export type { GateErrorCode } from "./codes.js";

/** Facts about an error that help a developer: names of options, models, fields. Never a token, a key or a secret. */
export type GateErrorMeta = Readonly<Record<string, unknown>>;

/** The error that every part of convex-gate throws. Match on `code`; the message is for people and may change. */
export class GateError extends Error {
  override readonly name = "GateError";
  readonly code: GateErrorCode;
  readonly meta: GateErrorMeta | undefined;

  constructor(
    code: GateErrorCode,
    message: string,
    options: { meta?: GateErrorMeta | undefined; cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.meta = options.meta;
  }
}

/**
 * Tells whether `error` is a convex-gate error, optionally one with the given code. Works across realms and package
 * copies, because it looks at the shape and not at the class.
 */
export function isGateError(error: unknown, code?: GateErrorCode): error is GateError {
  if (!(error instanceof Object) || !("name" in error) || error.name !== "GateError") return false;
  return (
    "code" in error && typeof error.code === "string" && (code === undefined || error.code === code)
  );
}
