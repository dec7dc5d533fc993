// @vitest-environment edge-runtime
import { expect, test } from "vitest";
import { GateError } from "../../js/errors/index.js";
import { verifyToken } from "../../js/jwt/index.js";
import { files, joined } from "./jwt-vectors.js";

const file = files[1]![1];
const vector = file.tokens.find((candidate) => candidate.name === "ES256")!;
const token = joined(vector.token);
const jwks = file.keySets["both"] as { keys: object[] };
const options = {
  jwks,
  issuer: "https://example.convex.site",
  audience: "convex",
  now: vector.now * 1000,
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof GateError) return error.code;
    throw error;
  }
  return "ok";
}

test("this is an edge runtime", () => {
  expect((globalThis as { EdgeRuntime?: string }).EdgeRuntime).toBeDefined();
});

test("a key set in every spelling", () => {
  const text = JSON.stringify(jwks);
  for (const spelling of [
    jwks,
    text,
    file.keySets["static"] as object[],
    JSON.stringify(file.keySets["static"]),
    `data:application/json,${encodeURIComponent(text)}`,
    `data:text/plain;charset=utf-8;base64,${btoa(text)}`,
    `DATA:;base64,${encodeURIComponent(btoa(text))}`,
  ]) {
    expect(verifyToken(token, { ...options, jwks: spelling })).toEqual(vector.expect.claims);
  }
});

test("claims of the app are typed", () => {
  const claims = verifyToken<{ sessionId: string }>(token, options);
  const sessionId: string = claims.sessionId;
  expect([claims.sub, sessionId]).toEqual(["user-1", "s-1"]);
});

test("times are milliseconds, tolerance is seconds", () => {
  const end = Number(vector.expect.claims?.["exp"]) * 1000;
  expect(codeOf(() => verifyToken(token, { ...options, now: new Date(end + 4_999) }))).toBe("ok");
  expect(codeOf(() => verifyToken(token, { ...options, now: end + 5_000 }))).toBe("JWT_EXPIRED");
  expect(codeOf(() => verifyToken(token, { ...options, now: end + 5_000, toleranceS: 6 }))).toBe(
    "ok",
  );
  expect(codeOf(() => verifyToken(token, { ...options, now: end, toleranceS: 0 }))).toBe(
    "JWT_EXPIRED",
  );
});

test("wrong options are told apart from wrong tokens", () => {
  const wrong = (changes: object) => codeOf(() => verifyToken(token, { ...options, ...changes }));
  expect(wrong({ issuer: undefined })).toBe("INVALID_OPTION");
  expect(wrong({ issuer: "" })).toBe("INVALID_OPTION");
  expect(wrong({ audience: [] })).toBe("INVALID_OPTION");
  expect(wrong({ algorithms: ["HS256"] })).toBe("INVALID_OPTION");
  expect(wrong({ algorithms: [] })).toBe("INVALID_OPTION");
  expect(wrong({ now: Number.NaN })).toBe("INVALID_OPTION");
  expect(wrong({ toleranceS: -1 })).toBe("INVALID_OPTION");
  expect(wrong({ jwks: undefined })).toBe("INVALID_OPTION");
  expect(wrong({ jwks: "data:nothing" })).toBe("KEY_SET_INVALID");
  expect(wrong({ jwks: "data:;base64,%%%" })).toBe("KEY_SET_INVALID");
  expect(wrong({ jwks: "https://example.com/jwks" })).toBe("KEY_SET_INVALID");
  expect(wrong({ issuer: "https://other" })).toBe("JWT_ISSUER_MISMATCH");
  expect(codeOf(() => verifyToken(undefined as unknown as string, options))).toBe("JWT_MALFORMED");
});
