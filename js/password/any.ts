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
  // Most systems hash the text as it is, and some its NFKC form, as Lucia's oslo and Wasp. No hash says which.
  return spellings(given.password).some((text) => verify(new TextEncoder().encode(text), form));
}

/** A password as it is, and in NFKC where that is another text: so a second hash is made for few, and after the first one. */
function spellings(password: string): string[] {
  return [...new Set([password, password.normalize("NFKC")])];
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
