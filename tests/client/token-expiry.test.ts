import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getTokenExpiry, isTokenExpired } from "../../js/client/index.js";
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

  it("takes garbage for expired", () => {
    expect(isTokenExpired("garbage")).toBe(true);
  });
});
