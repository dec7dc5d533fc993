import { describe, expect, it } from "vitest";
import {
  CLIENT_IP_HEADER,
  getTokenCookie,
  parseCookieHeader,
  proxyRequestHeaders,
  proxyResponseHeaders,
} from "../../js/utils/index.js";
import { JWT_COOKIE_NAME } from "../../js/plugins/index.js";
import { createApp } from "./support/app.js";

const withCookie = (cookie: string) => new Headers({ cookie });

describe("getTokenCookie", () => {
  it("reads the cookie that JWT_COOKIE_NAME names", () => {
    expect(getTokenCookie(withCookie(`better-auth.${JWT_COOKIE_NAME}=token`))).toBe("token");
  });

  it("finds what the plugin set, under every prefix", async () => {
    for (const advanced of [{}, { useSecureCookies: false }, { cookiePrefix: "my.app" }]) {
      const browser = createApp({ options: { advanced } }).browser();
      await browser.signUp("a@example.com");
      const found = getTokenCookie(withCookie(browser.cookieHeader()), advanced);
      expect(found).toBe(browser.cookie("convex_jwt"));
      expect(found?.split(".")).toHaveLength(3);
    }
  });

  it("is null without one, and prefers the cookie that only a secure origin can set", () => {
    expect(getTokenCookie(new Headers())).toBeNull();
    expect(getTokenCookie(withCookie("better-auth.convex_jwt="))).toBeNull();
    expect(
      getTokenCookie(withCookie("better-auth.convex_jwt=a; __Secure-better-auth.convex_jwt=b")),
    ).toBe("b");
    expect(getTokenCookie(withCookie("my_jwt=c"), { cookieName: "my_jwt" })).toBe("c");
  });

  it("takes no name without its prefix when that is asked", () => {
    const planted = withCookie("better-auth.convex_jwt=planted; my_jwt=planted");
    for (const options of [{}, { cookieName: "my_jwt" }]) {
      expect(getTokenCookie(planted, options)).toBe("planted");
      expect(getTokenCookie(planted, { ...options, requirePrefix: true })).toBeNull();
    }
    for (const prefix of ["__Secure-", "__Host-"])
      expect(
        getTokenCookie(withCookie(`${prefix}better-auth.convex_jwt=own`), { requirePrefix: true }),
      ).toBe("own");
  });
});

describe("parseCookieHeader", () => {
  it.each([
    [
      "a=1; b=2",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["a=1;a=2", [["a", "1"]]],
    ['a="x=y"', [["a", "x=y"]]],
    ["a=%2B%zz", [["a", "%2B%zz"]]],
    ["a=%2B", [["a", "+"]]],
    ["=x; y; ;", []],
    ["a=t.sig==", [["a", "t.sig=="]]],
  ])("%s", (header, pairs) => {
    expect([...parseCookieHeader(header)]).toEqual(pairs);
  });
});

describe("proxy headers", () => {
  it("pass on what Better Auth needs and nothing that misroutes or can be forged", () => {
    const incoming = new Headers({
      cookie: "a=1",
      authorization: "Bearer x",
      host: "app.example.com",
      "x-forwarded-host": "app.example.com",
      "x-forwarded-for": "1.2.3.4",
      "accept-encoding": "br",
      connection: "close",
      "transfer-encoding": "chunked",
      "content-length": "3",
      "x-mine": "1",
    });
    expect([...proxyRequestHeaders(incoming).keys()]).toEqual(["authorization", "cookie"]);
    expect(proxyRequestHeaders(incoming, { allow: ["X-Mine"] }).get("x-mine")).toBe("1");
  });

  it("name the visitor in the server's own words only", () => {
    const forged = new Headers({ "x-gate-client-ip": "forged" });
    const said = (signedClientIp?: string) =>
      proxyRequestHeaders(forged, { allow: ["X-Gate-Client-IP"], signedClientIp }).get(
        CLIENT_IP_HEADER,
      );
    expect([said("signed"), said()]).toEqual(["signed", null]);
  });

  it("bring several cookies back one by one and drop what describes the upstream body", () => {
    const answer = new Headers({
      "content-type": "application/json",
      "content-encoding": "gzip",
      connection: "close",
    });
    answer.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
    answer.append("set-cookie", "b=2");
    const headers = proxyResponseHeaders(answer);
    expect(headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]);
    expect(headers.has("content-encoding")).toBe(false);
    expect(headers.has("connection")).toBe(false);
    expect(headers.get("content-type")).toBe("application/json");
  });
});
