/** Which system made a password hash, told by the form of its text, and whether it can be verified here. */
import type { Argon2idHash, ForeignHash } from "../wasm/foreign.js";

/** Better Auth's own hash, `salt:key` (1.7; Lucia's, and so Convex Auth's 0.0.x, is the same). */
export interface OwnHash {
  readonly kind: "scrypt";
}

/** A hash that nobody can sign in with here: its form is not known, or it costs more than Convex runs. */
export interface RefusedHash {
  readonly kind: "refused";
  readonly code: "PASSWORD_FORM_UNKNOWN" | "PASSWORD_TOO_COSTLY";
  /** For people; holds nothing of the hash but its form and its costs. */
  readonly why: string;
}

/** What {@link passwordForm} tells. */
export type PasswordForm = OwnHash | ForeignHash | RefusedHash;

/** Cost 14 takes about a second in wasm, and each further one twice as long. */
export const MAX_BCRYPT_COST = 14;

/** KiB. The largest of OWASP's choices (2024): beside it Better Auth still fits into the 64 MiB of a Convex function. */
export const MAX_ARGON2_MEMORY = 47_104;

/** KiB times passes: about two seconds in wasm. */
export const MAX_ARGON2_WORK = 753_664;

/** A further part means nothing, as Better Auth reads it, and digits in capitals never verify there. */
const OWN = /^[^:$]+:[0-9a-f]{128}(?::|$)/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;
const ARGON2ID = /^\$argon2id\$(?:v=(\d{1,3})\$)?([^$]*)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const OTHER_BCRYPT =
  "a bcrypt hash of a variant other than $2a$, $2b$ and $2y$, or one that is cut off";
const OTHER_ARGON2ID = "an argon2id hash that is cut off, or with parameters other than m, t and p";

/** Forms that are known, and not verified here. */
const REFUSED: readonly (readonly [form: RegExp, name: string])[] = [
  [/^\$2/, OTHER_BCRYPT],
  [/^\$argon2id\$/, OTHER_ARGON2ID],
  [/^\$argon2/, "argon2i or argon2d"],
  [/^\$scrypt\$|^\$s0\$|^\$7\$/, "scrypt in another form than Better Auth's"],
  [/^scrypt:/, "scrypt of Werkzeug"],
  [/^\$?pbkdf2/, "PBKDF2"],
  [/^\$[156]\$/, "crypt of Unix (MD5, SHA-256 or SHA-512)"],
  [/^\$[PH]\$/, "phpass"],
  [/^\{?(ssha|sha|smd5)/i, "a hash of LDAP"],
  [/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i, "MD5 or SHA in hex"],
  [/^[A-Za-z0-9+/_-]{86}==$/, "Firebase's own scrypt, which no other program has"],
];

/** Tells the form of a hash. Throws nothing: what cannot be verified is `refused`, and says why. */
export function passwordForm(hash: string): PasswordForm {
  // Before the names of others: a salt may begin with any letters.
  if (OWN.test(hash)) return { kind: "scrypt" };
  const bcrypt = BCRYPT.exec(hash);
  if (bcrypt) return bcryptOf(bcrypt);
  const argon2id = ARGON2ID.exec(hash);
  if (argon2id) return argon2idOf(argon2id) ?? unknown(OTHER_ARGON2ID);
  const refused = REFUSED.find(([form]) => form.test(hash));
  return unknown(refused?.[1]);
}

function unknown(name: string | undefined): RefusedHash {
  const what = name === undefined ? "has a form that is not known here" : `is ${name}`;
  return {
    kind: "refused",
    code: "PASSWORD_FORM_UNKNOWN",
    why: `the hash ${what}; known are Better Auth's salt:key, bcrypt and argon2id`,
  };
}

function tooCostly(what: string): RefusedHash {
  return {
    kind: "refused",
    code: "PASSWORD_TOO_COSTLY",
    why: `${what} is more than a Convex function can run`,
  };
}

function bcryptOf([, cost = "", salt = "", key = ""]: readonly string[]): PasswordForm {
  const rounds = Number(cost);
  if (rounds < 4 || rounds > 31) return unknown(OTHER_BCRYPT);
  if (rounds > MAX_BCRYPT_COST)
    return tooCostly(`a bcrypt cost of ${String(rounds)} (at most ${String(MAX_BCRYPT_COST)})`);
  return {
    kind: "bcrypt",
    cost: rounds,
    salt: decoded(salt, BCRYPT_LETTERS),
    key: decoded(key, BCRYPT_LETTERS),
  };
}

function argon2idOf([, version = "16", numbers = "", salt = "", key = ""]: readonly (
  string | undefined
)[]): PasswordForm | undefined {
  const given = /^m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,8})$/.exec(numbers);
  if (!given || (version !== "16" && version !== "19")) return undefined;
  const [memory = 0, passes = 0, lanes = 0] = given.slice(1).map(Number);
  if (memory > MAX_ARGON2_MEMORY) {
    return tooCostly(
      `argon2id with ${String(memory)} KiB of memory (at most ${String(MAX_ARGON2_MEMORY)})`,
    );
  }
  if (memory * passes > MAX_ARGON2_WORK) {
    return tooCostly(
      `argon2id with ${String(passes)} passes over ${String(memory)} KiB (at most ${String(MAX_ARGON2_WORK)} KiB in all)`,
    );
  }
  const form: Argon2idHash = {
    kind: "argon2id",
    version: Number(version),
    memory,
    passes,
    lanes,
    salt: decoded(salt, BASE64_LETTERS),
    key: decoded(key, BASE64_LETTERS),
  };
  return isArgon2(form) ? form : undefined;
}

/** Bytes. The least of PHC's string format for argon2: RFC 9106 has 4, which other passwords soon fit by chance. */
const MIN_ARGON2_KEY = 12;

/** The bounds of RFC 9106 section 3.1, where argon2 is no hash at all, and those of PHC's format. */
function isArgon2({ memory, passes, lanes, salt, key }: Argon2idHash): boolean {
  const isRun = passes >= 1 && lanes >= 1 && memory >= 8 * lanes;
  return isRun && salt.length >= 8 && key.length >= MIN_ARGON2_KEY;
}

const DIGITS = "0123456789";
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BCRYPT_LETTERS = `./${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}`;
const BASE64_LETTERS = `${CAPITALS}${CAPITALS.toLowerCase()}${DIGITS}+/`;

/** The bytes of a base64 text without padding, whose letters count in this order. */
function decoded(text: string, letters: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const letter of text) {
    value = (value << 6) | letters.indexOf(letter);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (value >> bits) & 255;
    at += 1;
    value &= (1 << bits) - 1;
  }
  return bytes;
}
