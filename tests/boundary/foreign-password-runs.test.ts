/** How many hashes a password costs: whoever signs in chooses its text. */
import bcryptjs from "bcryptjs";
import { beforeEach, expect, it, vi } from "vitest";
import { verifyAnyPassword } from "../../js/password/any.js";
import type * as Foreign from "../../js/wasm/foreign.js";

const runs = vi.hoisted(() => ({ count: 0 }));
vi.mock("../../js/wasm/foreign.js", async (original) => {
  const { verify } = await original<typeof Foreign>();
  const counted: typeof verify = (...given) => {
    runs.count += 1;
    return verify(...given);
  };
  return { verify: counted };
});

beforeEach(() => {
  runs.count = 0;
});

const bcrypt = "$2b$04$C./9KfRdXb2SaadgCISeu.pd76a2FZK4SgOjPi.rnTtIOCqz7DlAG";
const argon2id =
  "$argon2id$v=19$m=64,t=2,p=1$YSBzYWx0IG9mIHRlc3RzIQ$2EWhqrh5pBVW4wWR7XaMm+l4scOQ5nQFU01xkI2/Gzs";

it.each([
  ["plain", 1, 1],
  // U+FF30 is a wide P, U+FB01 a ligature.
  ["\uff30lain", 2, 2],
  ["pl\0ain", 2, 1],
  ["\uff30l\0ain \ufb01", 2, 2],
  // What differs beyond the 72nd byte is one password to bcrypt.
  [`${"x".repeat(72)}\ufb01`, 1, 2],
  [`${"x".repeat(71)}\0\ufb01`, 1, 2],
  ["\ud800", 1, 1],
])("%j: bcrypt %d, argon2id %d", async (password, ofBcrypt, ofArgon2id) => {
  expect(await verifyAnyPassword({ hash: bcrypt, password })).toBe(false);
  expect(runs.count).toBe(ofBcrypt);
  runs.count = 0;
  expect(await verifyAnyPassword({ hash: argon2id, password })).toBe(false);
  expect(runs.count).toBe(ofArgon2id);
});

it("a password that some bcrypts end at its first zero verifies either way", async () => {
  const password = "abc\0def";
  expect(await verifyAnyPassword({ hash: bcryptjs.hashSync("abc", 4), password })).toBe(true);
  expect(await verifyAnyPassword({ hash: bcryptjs.hashSync(password, 4), password })).toBe(true);
  expect(await verifyAnyPassword({ hash: bcryptjs.hashSync("abd", 4), password })).toBe(false);
});
