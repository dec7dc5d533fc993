/** The form of a password's hash tells who made it; what cannot be verified is refused by name. */
import { expect, it } from "vitest";
import { hashPassword } from "better-auth/crypto";
import { verifyAnyPassword } from "../../js/password/any.js";
import { passwordForm } from "../../js/password/forms.js";

const bcrypt = (start: string) => `${start}m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe`;
const argon2id = (numbers: string) => `$argon2id$${numbers}$c29tZXNhbHQ$nf65EOgLrQMR/uIP`;

it.each([
  ["bcrypt", bcrypt("$2a$10$")],
  ["bcrypt", bcrypt("$2b$04$")],
  ["bcrypt", bcrypt("$2y$14$")],
  ["argon2id", argon2id("v=19$m=19456,t=2,p=1")],
  ["argon2id", argon2id("v=16$m=47104,t=1,p=4")],
  ["argon2id", argon2id("m=256,t=2,p=1")],
  ["scrypt", `salt:${"0".repeat(128)}`],
  ["scrypt", `salt:${"0".repeat(128)}:more`],
  // Salts of letters, which begin as the names of other kinds do.
  ["scrypt", `sha3x9k2m1:${"0".repeat(128)}`],
  ["scrypt", `pbkdf2k2m1:${"0".repeat(128)}`],
])("%s: %s", (kind, hash) => {
  expect(passwordForm(hash).kind).toBe(kind);
});

it("a hash of Better Auth", async () => {
  expect(passwordForm(await hashPassword("correct horse battery")).kind).toBe("scrypt");
});

it.each([
  ["another variant of bcrypt", bcrypt("$2x$10$"), "variant"],
  ["bcrypt, cut off", bcrypt("$2a$10$").slice(0, -1), "cut off"],
  ["bcrypt with a cost below its least", bcrypt("$2a$03$"), "bcrypt"],
  ["bcrypt with a cost beyond its most", bcrypt("$2a$32$"), "bcrypt"],
  ["argon2i", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR", "argon2i or argon2d"],
  ["argon2d", "$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR", "argon2i or argon2d"],
  ["argon2id with associated data", argon2id("v=19$m=256,t=2,p=1,data=AAAA"), "parameters"],
  ["argon2id of an unknown version", argon2id("v=18$m=256,t=2,p=1"), "argon2id"],
  ["argon2id with too little memory", argon2id("v=19$m=8,t=2,p=2"), "argon2id"],
  [
    "argon2id with a key that anything fits",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EA",
    "argon2id",
  ],
  ["a key in capitals, which never verifies", `salt:${"A".repeat(128)}`, "not known"],
  ["scrypt in PHC's form", "$scrypt$ln=16,r=8,p=1$c2FsdA$AAAA", "scrypt"],
  ["Werkzeug", "scrypt:32768:8:1$salt$00", "Werkzeug"],
  ["Django", "pbkdf2_sha256$600000$salt$AAAA", "PBKDF2"],
  ["passlib", "$pbkdf2-sha256$29000$salt$AAAA", "PBKDF2"],
  ["crypt", "$6$rounds=5000$salt$AAAA", "crypt"],
  ["WordPress", "$P$B12345678abcdefghijklmnopqrstu", "phpass"],
  ["LDAP", "{SSHA}AAAA", "LDAP"],
  ["MD5", "5f4dcc3b5aa765d61d8327deb882cf99", "MD5"],
  ["Firebase", `${"A".repeat(86)}==`, "Firebase"],
  ["no hash at all", "secret", "not known"],
  ["nothing", "", "not known"],
  ["a salt without a key", "salt:", "not known"],
])("refused by name: %s", async (_, hash, name) => {
  const form = passwordForm(hash);
  expect(form).toMatchObject({ kind: "refused", code: "PASSWORD_FORM_UNKNOWN" });
  expect(form.kind === "refused" && form.why).toContain(name);
  if (hash.length > 8) expect(JSON.stringify(form)).not.toContain(hash);
  await expect(verifyAnyPassword({ hash, password: "x" })).rejects.toMatchObject({
    code: "PASSWORD_FORM_UNKNOWN",
  });
});

it.each([
  ["bcrypt", bcrypt("$2b$15$"), "cost of 15"],
  ["memory", argon2id("v=19$m=65536,t=3,p=4"), "65536 KiB"],
  ["passes", argon2id("v=19$m=47104,t=17,p=1"), "17 passes"],
])("refused for what it costs: %s", async (_, hash, why) => {
  expect(passwordForm(hash)).toMatchObject({ kind: "refused", code: "PASSWORD_TOO_COSTLY" });
  await expect(verifyAnyPassword({ hash, password: "x" })).rejects.toThrow(why);
});
