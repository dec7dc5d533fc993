import { describe, expect, test } from "vitest";
import { GateError } from "../../js/errors/index.js";
import { readSignedCookie, verifyJwt } from "../../js/wasm/jwt.js";
import { files, joined, setText } from "./jwt-vectors.js";
import type { Expectation } from "./jwt-vectors.js";

function outcome(work: () => Expectation): Expectation {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return { code: error.code, meta: { ...error.meta } };
  }
}

function compare(actual: Expectation, expected: Expectation): void {
  if (expected.code !== undefined && expected.meta === undefined) delete actual.meta;
  expect(actual).toEqual(expected);
}

describe.each(files)("vectors: %s", (_name, file) => {
  test.each(file.tokens)("$name", (vector) => {
    const { issuer, audience, algorithms, toleranceS } = vector.policy;
    const policy = { issuer, audience, algorithms, toleranceS, nowS: vector.now };
    const keySet = setText(file, vector.keySet);
    const actual = outcome(() => ({
      claims: { ...verifyJwt(joined(vector.token), keySet, policy).claims },
    }));
    compare(actual, vector.expect);
  });
});

test("every vector of a token ran", () => {
  expect(files.map(([, file]) => file.tokens.length)).toEqual([11, 26, 116]);
});

test("cookies signed by Better Auth's own code are read back", async () => {
  const secret = "a-secret-of-at-least-thirty-two-characters";
  const { serializeSignedCookie } = await import("better-call");
  for (const token of [
    "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE",
    "with.dots",
    "späce and %41",
    "\u{1F511}",
  ]) {
    const cookie = await serializeSignedCookie("name", token, secret);
    const value = cookie.slice("name=".length);
    expect(readSignedCookie(value, secret)).toBe(token);
    expect(readSignedCookie(`"${value}"`, secret)).toBe(token);
    expect(readSignedCookie(decodeURIComponent(value), secret)).toBe(
      token.includes("%") ? null : token,
    );
    expect(readSignedCookie(value, `${secret}x`)).toBeNull();
    expect(readSignedCookie(value, "")).toBeNull();
  }
});
