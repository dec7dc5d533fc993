/**
 * Every stable error code of convex-gate. The first group is produced by the Rust core and crosses the wasm boundary
 * unchanged, the second by the token rules, the third by the TypeScript around them.
 * Match on codes, never on message text.
 */
export const gateErrorCodes = [
  // The core: adapter operations and session resolution.
  "CONFLICT",
  "FOREIGN_KEY_CONSTRAINT",
  "INTERNAL_FAULT",
  "INVALID_ARGUMENT",
  "INVALID_NAME",
  "LIMIT_EXCEEDED",
  "RESTRICTED",
  "UNIQUE_CONSTRAINT",
  "UNKNOWN_OPERATOR",
  "UNKNOWN_TASK",
  "UNSUPPORTED_VALUE",
  // Tokens and keys.
  "JWT_AUDIENCE_MISMATCH",
  "JWT_CLAIM_INVALID",
  "JWT_EXPIRED",
  "JWT_ISSUER_MISMATCH",
  "JWT_KEY_NOT_FOUND",
  "JWT_MALFORMED",
  "JWT_NOT_YET_VALID",
  "JWT_SIGNATURE_INVALID",
  "JWT_UNSUPPORTED_ALGORITHM",
  "KEYS_CHANGING",
  "KEY_SET_INVALID",
  // Configuration and use.
  "ADAPTER_MISSING",
  "AUTH_CONFIG_INVALID",
  "AUTH_UNAVAILABLE",
  "ENV_MISSING",
  "IMPORT_FILE",
  "IMPORT_FORM",
  "IMPORT_FUNCTION",
  "IMPORT_REFUSED",
  "IMPORT_STATE",
  "IMPORT_STOPPED",
  "INVALID_OPTION",
  "NO_PROVIDER",
  "PASSWORD_FORM_UNKNOWN",
  "PASSWORD_TOO_COSTLY",
  "READ_ONLY_CONTEXT",
  "RESERVED_CLAIM",
  "SECRET_INSECURE",
  "SETUP_FAILED",
  "TOO_BUSY",
  "TRIGGERS_NOT_EXPORTED",
  "UNAUTHENTICATED",
  "VALUE_TOO_LARGE",
  "WASM_UNAVAILABLE",
  "WRONG_CONTEXT",
] as const;

/** A stable error code, see {@link gateErrorCodes}. */
export type GateErrorCode = (typeof gateErrorCodes)[number];
