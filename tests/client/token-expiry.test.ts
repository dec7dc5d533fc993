import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getTokenExpiry, isTokenExpired } from "../../js/client/index.js";
import * as react from "../../js/react/index.js";
import { jwt } from "./support/jwt.js";

describe("getTokenExpiry", () => {
  it("gives milliseconds", () => {
    expect(getTokenExpiry(jwt({ exp: 1_700_000_000 }))).toBe(1_700_000_000_000);
  });

  it("reads claims with any text in them", () => {
    expect(getTokenExpiry(jwt({ exp: 1, name: "Zoë 🦆" }))).toBe(1000);
  });

  it.each([null, undefined, "", "a.b", "a.b.c", "a.e30.c", jwt({}), jwt({ exp: "soon" })])(
    "gives null for %s",
    (token) => {
      expect(getTokenExpiry(token)).toBeNull();
    },
  );

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void getTokenExpiry(text)));
    fc.assert(fc.property(fc.string(), (text) => void getTokenExpiry(`a.${text}.b`)));
  });
});

describe("isTokenExpired", () => {
  const token = jwt({ exp: 1000 });

  it("is early by the skew", () => {
    expect(isTokenExpired(token, { now: 989_999 })).toBe(false);
    expect(isTokenExpired(token, { now: 990_000 })).toBe(true);
    expect(isTokenExpired(token, { now: 999_999, skewMs: 0 })).toBe(false);
    expect(isTokenExpired(token, { now: 1_000_000, skewMs: 0 })).toBe(true);
  });

  it("refuses a bare number, by type and when it runs", () => {
    // @ts-expect-error It may be meant as a time or as a duration.
    expect(() => isTokenExpired(token, 1_000_000)).toThrow(TypeError);
    // @ts-expect-error `filter` passes the index.
    expect(() => [token].filter(isTokenExpired)).toThrow("{ now } for a time or { skewMs }");
  });

  it("does not take a token for valid at a time that is no number", () => {
    expect(isTokenExpired(token, { now: Number.NaN })).toBe(true);
    expect(isTokenExpired(token, { now: 0, skewMs: Number.NaN })).toBe(true);
  });

  it("is the same from the React bindings", () => {
    expect([react.getTokenExpiry, react.isTokenExpired]).toEqual([getTokenExpiry, isTokenExpired]);
  });

  it("takes garbage for expired", () => {
    expect(isTokenExpired("garbage")).toBe(true);
  });
});
