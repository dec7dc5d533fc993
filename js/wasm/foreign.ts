/**
 * Password hashes of other systems, verified in wasm: a typed face for what `gate-foreign-wasm` exports. Carries the
 * bytes, so only what meets such a hash imports it, and dynamically.
 */
import { bytes } from "./generated/foreign-bytes.js";
import type { Glue } from "./generated/foreign-glue.js";
import { createGlue } from "./generated/foreign-glue.js";
import type { LazyInstance } from "./load.js";
import { lazy } from "./load.js";

/** The module, made when it is first asked for. */
export const foreign: LazyInstance<Glue> = lazy(bytes, createGlue);
