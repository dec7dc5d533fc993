/**
 * Better Auth's password hash, run in wasm: a typed face for what `gate-password-wasm` exports. Carries the bytes, so only
 * what hashes imports it, and dynamically.
 *
 * A hash takes 32 MiB, wasm never gives memory back, and garbage is collected some time later. So every call has an
 * instance of its own, but all of them the same memory: two calls never need it twice, the whole of it is wiped after each
 * (the password, and what was made of it), and nothing holds on to it when they are over.
 */
import { GateError } from "../errors/index.js";
import { bytes } from "./generated/password-bytes.js";
import type { Glue } from "./generated/password-glue.js";
import { createGlue } from "./generated/password-glue.js";
import { compile } from "./load.js";

let compiled: WebAssembly.Module | undefined;
let spare: WeakRef<WebAssembly.Memory> | undefined;

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

function call<T>(work: (glue: Glue) => T | undefined): T {
  compiled ??= compile(bytes);
  const glue = createGlue();
  const exported = glue.initSync({ module: compiled, memory: spare?.deref() });
  const { memory } = exported as { readonly memory: WebAssembly.Memory };
  // Only what was wiped is used again.
  spare = undefined;
  try {
    const answer = work(glue);
    if (answer !== undefined) return answer;
  } catch (cause) {
    throw fault(cause);
  } finally {
    new Uint8Array(memory.buffer).fill(0);
    spare = new WeakRef(memory);
  }
  throw fault(undefined);
}

function fault(cause: unknown): GateError {
  return new GateError("INTERNAL_FAULT", "the password module stopped on an internal fault", {
    cause,
  });
}
