/**
 * Password hashes of other systems, verified in wasm: a typed face for what `gate-foreign-wasm` exports. Carries the
 * bytes, so only what meets such a hash imports it, and dynamically.
 */
import { bytes } from "./generated/foreign-bytes.js";
import { createGlue } from "./generated/foreign-glue.js";
import { lazy } from "./load.js";

const foreign = lazy(bytes, createGlue);

export { foreign };
