/**
 * Better Auth's password hash, run in wasm: a typed face for what `gate-password-wasm` exports. Carries the bytes, so only
 * what hashes imports it, and dynamically.
 */
import { bytes } from "./generated/password-bytes.js";
import { createGlue } from "./generated/password-glue.js";
import { oneCall } from "./one-call.js";

const call = oneCall("the password module", bytes, createGlue);

/**
 * The key of a password, which is in NFKC, and a salt: 128 digits of hex.
 *
 * @throws GateError `INTERNAL_FAULT` after a trap.
 */
export function hash(password: string, salt: string): string {
  return call((glue) => glue.hash(password, salt));
}

/**
 * Whether `key` is what `hash` gives for the password and the salt. Takes the same time whichever digits differ.
 *
 * @throws GateError `INTERNAL_FAULT` after a trap.
 */
export function verify(password: string, salt: string, key: string): boolean {
  return call((glue) => glue.verify(password, salt, key));
}
