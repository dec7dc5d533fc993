/**
 * Password hashes of other systems, verified in wasm: a typed face for what `gate-foreign-wasm` exports. Carries the
 * bytes, so only what meets such a hash imports it, and dynamically.
 */
import type { ForeignHash } from "../password/forms.js";
import { bytes } from "./generated/foreign-bytes.js";
import { createGlue } from "./generated/foreign-glue.js";
import { oneCall } from "./one-call.js";

const call = oneCall("the module for other systems' hashes", bytes, createGlue);

/**
 * Whether the hash was made of `password`, in UTF-8. Takes the same time wherever the keys differ.
 *
 * @throws GateError `INTERNAL_FAULT` after a trap.
 */
export function verify(password: Uint8Array, form: ForeignHash): boolean {
  return call((glue) =>
    form.kind === "bcrypt"
      ? glue.bcrypt(password, form.cost, form.salt, form.key)
      : glue.argon2id(
          password,
          form.salt,
          form.memory,
          form.passes,
          form.lanes,
          form.version,
          form.key,
        ),
  );
}
