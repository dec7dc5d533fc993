/**
 * Password hashes of other systems, verified in wasm: a typed face for what `gate-foreign-wasm` exports. Carries the
 * bytes, so only what meets such a hash imports it, and dynamically.
 */
import { bytes } from "./generated/foreign-bytes.js";
import { createGlue } from "./generated/foreign-glue.js";
import { oneCall } from "./one-call.js";

/** `$2a$`, `$2b$` or `$2y$`. */
export interface BcryptHash {
  readonly kind: "bcrypt";
  /** 2 to this power of rounds. */
  readonly cost: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** `$argon2id$` in PHC's form. */
export interface Argon2idHash {
  readonly kind: "argon2id";
  /** 19 (RFC 9106), or the older 16. */
  readonly version: number;
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** A hash of another system that is verified here. */
export type ForeignHash = BcryptHash | Argon2idHash;

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
