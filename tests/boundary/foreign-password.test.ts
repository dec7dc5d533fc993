/** Hashes of other systems in wasm: published vectors, and what bcryptjs and hash-wasm make. */
import bcryptjs from "bcryptjs";
import fc from "fast-check";
import { argon2id } from "hash-wasm";
import { describe, expect, it } from "vitest";
import { verifyAnyPassword } from "../../js/password/any.js";
import { passwordForm } from "../../js/password/forms.js";
import { verify } from "../../js/wasm/foreign.js";

describe("bcrypt", () => {
  // Of jBCrypt's published tests, and Openwall's crypt_blowfish 1.3.
  it.each([
    ["", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."],
    ["a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"],
    ["U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"],
    [
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
      "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
    ],
  ])("a published vector: %s", async (password, hash) => {
    expect(await verifyAnyPassword({ hash, password })).toBe(true);
    expect(await verifyAnyPassword({ hash: hash.replace("$2a$", "$2b$"), password })).toBe(true);
    expect(await verifyAnyPassword({ hash: hash.replace("$2a$", "$2y$"), password })).toBe(true);
    expect(await verifyAnyPassword({ hash, password: `b${password}` })).toBe(false);
  });

  it("what bcryptjs makes verifies, and nothing else does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 30 }), async (password) => {
        const hash = bcryptjs.hashSync(password, 4);
        expect(await verifyAnyPassword({ hash, password })).toBe(true);
        const other = `x${password}`;
        expect(await verifyAnyPassword({ hash, password: other })).toBe(
          bcryptjs.compareSync(other, hash),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe("a password with letters that NFKC changes", () => {
  // U+FF30 is a wide P, U+FB01 a ligature and U+2460 a 1 in a circle.
  const [typed, plain] = ["\uff30assword \ufb01ve \u2460", "Password five 1"];
  const other = "\uff30assword \ufb01ve \u2461";

  // Made by bcryptjs and hash-wasm, as oslo/password gives them the text: in NFKC.
  it.each([
    "$2b$04$C./9KfRdXb2SaadgCISeu.pd76a2FZK4SgOjPi.rnTtIOCqz7DlAG",
    "$argon2id$v=19$m=64,t=2,p=1$YSBzYWx0IG9mIHRlc3RzIQ$2EWhqrh5pBVW4wWR7XaMm+l4scOQ5nQFU01xkI2/Gzs",
  ])("fits the hash of its NFKC form: %s", async (hash) => {
    expect(await verifyAnyPassword({ hash, password: typed })).toBe(true);
    expect(await verifyAnyPassword({ hash, password: plain })).toBe(true);
    expect(await verifyAnyPassword({ hash, password: other })).toBe(false);
  });

  it("fits the hash of the text as it is, which its NFKC form does not", async () => {
    const hash = "$2b$04$DwCOFGrNQ2pwUaCRJ2T6AeGa2FZUOc2aBn54iaY8CLOjcy6FQwmkq";
    expect(await verifyAnyPassword({ hash, password: typed })).toBe(true);
    expect(await verifyAnyPassword({ hash, password: plain })).toBe(false);
  });
});

describe("argon2id", () => {
  // Of the reference implementation's own tests (phc-winner-argon2, test.c).
  it.each([
    [
      "password",
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ],
    [
      "password",
      "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
    ],
    [
      "differentpassword",
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94",
    ],
  ])("a published vector: %s", async (password, hash) => {
    if (hash.includes("m=65536")) {
      await expect(verifyAnyPassword({ hash, password })).rejects.toMatchObject({
        code: "PASSWORD_TOO_COSTLY",
      });
    } else {
      expect(await verifyAnyPassword({ hash, password })).toBe(true);
      expect(await verifyAnyPassword({ hash, password: "passwore" })).toBe(false);
    }
  });

  it("what hash-wasm makes verifies, with any parameters, and nothing else does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          password: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
          salt: fc.uint8Array({ minLength: 8, maxLength: 40 }),
          iterations: fc.integer({ min: 1, max: 3 }),
          parallelism: fc.integer({ min: 1, max: 3 }),
          memorySize: fc.integer({ min: 24, max: 100 }),
          hashLength: fc.integer({ min: 12, max: 70 }),
        }),
        async (given) => {
          const hash = await argon2id({ ...given, outputType: "encoded" });
          expect(await verifyAnyPassword({ hash, password: given.password })).toBe(true);
          expect(await verifyAnyPassword({ hash, password: `${given.password}x` })).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("the largest that is taken runs, again and again", () => {
    const form = passwordForm("$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA");
    if (form.kind !== "argon2id") throw new Error("it is refused");
    const password = new TextEncoder().encode("password");
    for (let round = 0; round < 3; round += 1) expect(verify(password, form)).toBe(false);
  });
});
