/**
 * Better Auth's password hash, run in wasm: a typed face for what `gate-password-wasm` exports. Carries the bytes, so only
 * what hashes imports it, and dynamically.
 */
import { bytes } from "./generated/password-bytes.js";
import { createGlue } from "./generated/password-glue.js";
import { lazy } from "./load.js";

const password = lazy(bytes, createGlue);

export { password };
