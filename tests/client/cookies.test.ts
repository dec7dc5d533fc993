import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cookieHeader,
  cookiesIn,
  liveIn,
  splitCookies,
  storeCookies,
} from "../../js/client/plugins/cookie-jar.js";
import type { CookieJar } from "../../js/client/plugins/cookie-jar.js";
import { keepCookies } from "../../js/client/plugins/kept-cookies.js";

const NOW = 1_700_000_000_000;

/** What is kept of a header, beside cookies that the page had. */
function storedIn(lasting: CookieJar, header: string): CookieJar {
  return cookiesIn(storeCookies({ tab: {}, lasting }, header, NOW));
}

describe("cookies that a page keeps", () => {
  it("keeps every `=` of a value", () => {
    const jar = storedIn({}, "a.session_token=abc.c2ln%3D==; Path=/; HttpOnly");
    expect(cookieHeader(jar)).toBe("a.session_token=abc.c2ln%3D==");
  });

  it("splits joined cookies but not the comma of a date", () => {
    expect(
      splitCookies("a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT, b=2; Path=/, __Secure-c=3"),
    ).toEqual(["a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "b=2; Path=/", "__Secure-c=3"]);
  });

  it.each([
    "Max-Age=0",
    "max-age=-1",
    "MAX-AGE=0; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
    "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ])("removes a cookie that ends with %s", (attributes) => {
    const jar = storedIn({ a: { value: "1", expires: null } }, `a=; ${attributes}`);
    expect(jar).toEqual({});
  });

  it("sends nothing that has ended since", () => {
    const jar = storedIn({}, "a=1; Max-Age=10, b=2");
    expect(cookieHeader(liveIn(jar, NOW + 9_999))).toBe("a=1; b=2");
    expect(cookieHeader(liveIn(jar, NOW + 10_000))).toBe("b=2");
  });

  it("gives back every cookie that was set", () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/);
    const value = fc.stringMatching(/^[A-Za-z0-9%.=_+/-]{1,30}$/);
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true }),
        (cookies) => {
          const header = Object.entries(cookies)
            .map(
              ([key, text]) =>
                `${key}=${text}; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=Lax`,
            )
            .join(", ");
          const sent = cookieHeader(storedIn({}, header)).split("; ").sort();
          expect(sent).toEqual(
            Object.entries(cookies)
              .map(([key, text]) => `${key}=${text}`)
              .sort(),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const KEYS = { key: "key", oldKey: "old" };

describe("a cookie storage", () => {
  it("may be slow, and two responses at once lose nothing", async () => {
    const items = new Map<string, string>();
    const slow = <T>(work: () => T): Promise<T> =>
      new Promise((resolve) => setTimeout(() => resolve(work()), 5));
    const kept = keepCookies(KEYS, {
      getItem: (key) => slow(() => items.get(key) ?? null),
      setItem: (key, value) => slow(() => items.set(key, value)),
    });
    const changed = await Promise.all([
      kept.receive("better-auth.session_token=1", ""),
      kept.receive("other=2", ""),
      kept.receive("better-auth.session_token=1", ""),
    ]);
    expect(changed).toEqual([true, false, false]);
    expect(await kept.header()).toBe("better-auth.session_token=1; other=2");
  });

  it("may hold garbage", async () => {
    const kept = keepCookies(KEYS, { getItem: () => "{not json", setItem: () => undefined });
    expect(await kept.header()).toBe("");
  });
});
