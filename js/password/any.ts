/** Verifies password hashes of Better Auth and of other systems alike. */
import { GateError } from "../errors/index.js";
import type * as Foreign from "../wasm/foreign.js";
import { passwordForm } from "./forms.js";
import { verifyPassword } from "./hash.js";

/**
 * Whether `hash` was made of `password`: Better Auth's own, bcrypt (`$2a$`, `$2b$`, `$2y$`) or argon2id in PHC's form.
 *
 * @throws GateError `PASSWORD_FORM_UNKNOWN` or `PASSWORD_TOO_COSTLY` for a hash that cannot be verified here,
 * `WRONG_CONTEXT` for one of another system in a Convex query or mutation, which cannot load the module for it; an Error
 * of Better Auth for one of its own form without a salt or a key.
 */
export async function verifyAnyPassword(given: {
  readonly hash: string;
  readonly password: string;
}): Promise<boolean> {
  const form = passwordForm(given.hash);
  if (form.kind === "scrypt") return verifyPassword(given);
  if (form.kind === "refused") throw new GateError(form.code, form.why);
  const { verify } = await loadForeign();
  return spellings(given.password, form.kind === "bcrypt").some((bytes) => verify(bytes, form));
}

/** Bytes of a password that bcrypt hashes; one of them is the zero at its end where there is room. */
const BCRYPT_BYTES = 72;

/**
 * A password as it is, and what else may have been hashed, if another hash comes of that. Never more than two: whoever
 * signs in chooses the text, and each takes its time. Most systems hash the text as it is, and some its NFKC form, as
 * Lucia's oslo and Wasp; some bcrypts end a password at its first zero. No hash says which.
 */
function spellings(password: string, bcrypt: boolean): Uint8Array[] {
  const encoder = new TextEncoder();
  const whole = encoder.encode(password);
  const end = bcrypt ? whole.indexOf(0) : -1;
  const other = end < 0 ? encoder.encode(password.normalize("NFKC")) : whole.subarray(0, end);
  const [a, b] = bcrypt ? [hashedByBcrypt(whole), hashedByBcrypt(other)] : [whole, other];
  const same = a.length === b.length && a.every((byte, at) => byte === b[at]);
  return same ? [whole] : [whole, other];
}

function hashedByBcrypt(password: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.min(password.length + 1, BCRYPT_BYTES));
  bytes.set(password.subarray(0, bytes.length));
  return bytes;
}

async function loadForeign(): Promise<typeof Foreign> {
  try {
    return await import("../wasm/foreign.js");
  } catch (cause) {
    throw new GateError(
      "WRONG_CONTEXT",
      "a password hash of another system is verified in an action or an HTTP action only: queries and mutations cannot load the module for it",
      { cause },
    );
  }
}
