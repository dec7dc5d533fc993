/** Session cookies and bearer tokens: our reader in Rust against Better Auth's own code, on whatever a client may send. */
import type { BetterAuthOptions } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { serializeSignedCookie } from "better-call";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSessionToken } from "../../js/jwt/index.js";
import type { SessionTokenOptions } from "../../js/jwt/index.js";
import { createApp, SITE } from "../plugins/support/app.js";

const SECRET = "a-secret-of-the-tests-with-enough-length-0001";
const OLD_SECRET = "an-older-secret-of-the-tests-with-enough-length";

/** What Better Auth itself reads from a request, by an endpoint that only does that. */
function betterAuthReader(options: BetterAuthOptions, { requireSignature = false } = {}) {
  const probe = {
    id: "probe",
    endpoints: {
      probe: createAuthEndpoint("/probe", { method: "GET" }, async (ctx) => {
        const { authCookies, secret } = ctx.context;
        return ctx.json({
          token: (await ctx.getSignedCookie(authCookies.sessionToken.name, secret)) || null,
          name: authCookies.sessionToken.name,
        });
      }),
    },
  };
  const { auth } = createApp({ options, plugins: [bearer({ requireSignature }), probe] });
  return async (headers: Headers): Promise<{ token: string | null; name: string }> => {
    const response = await auth.handler(new Request(`${SITE}/api/auth/probe`, { headers }));
    return (await response.json()) as { token: string | null; name: string };
  };
}

const signed = async (token: string, secret: string): Promise<string> =>
  (await serializeSignedCookie("n", token, secret)).slice("n=".length);

/** A cookie's value as it may arrive: by whom it was signed, what happened to it, and how it is written. */
const value = fc.record({
  token: fc.oneof(
    fc.string({ minLength: 32, maxLength: 32, unit: fc.constantFrom(..."aZ09bY18") }),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom("with.dots", "späce and %41", "\u{1F511}", "a=b", "."),
  ),
  signer: fc.constantFrom(SECRET, SECRET, SECRET, OLD_SECRET),
  change: fc.constantFrom(
    "none",
    "none",
    "none",
    "none",
    "none",
    "token",
    "signature",
    "cut",
    "unsigned",
    "empty",
  ),
  form: fc.constantFrom(
    "encoded",
    "encoded",
    "plain",
    "quoted",
    "lower case",
    "spaces",
    "half a quote",
  ),
});
type Value = typeof value extends fc.Arbitrary<infer T> ? T : never;

async function written({ token, signer, change, form }: Value): Promise<string> {
  const good = await signed(token, signer);
  const changed = {
    none: good,
    token: `x${good}`,
    signature: good.replace(/(.)(%3D|=)$/, (_all, char: string, end: string) =>
      char === "A" ? `Q${end}` : `A${end}`,
    ),
    cut: good.slice(0, -3),
    unsigned: encodeURIComponent(token),
    empty: "",
  }[change];
  const plain = decodeURIComponent(changed.replace(/%[0-9A-F]?$/, ""));
  // Characters that end a cookie or a header cannot be sent as they are.
  const sendable = /^[\x21-\x3a\x3c-\x7e]*$/.test(plain) ? plain : changed;
  return {
    encoded: changed,
    plain: sendable,
    quoted: `"${changed}"`,
    "lower case": changed.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    spaces: `  ${changed} `,
    "half a quote": `"${changed}`,
  }[form];
}

const variants: [string, BetterAuthOptions, Partial<SessionTokenOptions>][] = [
  ["secure cookies", {}, {}],
  ["plain cookies", { advanced: { useSecureCookies: false } }, {}],
  ["another prefix", { advanced: { cookiePrefix: "my-app" } }, { cookiePrefix: "my-app" }],
  [
    "another name",
    { advanced: { cookies: { session_token: { name: "sid" } } } },
    { cookieName: "sid" },
  ],
  [
    "rotated secrets",
    {
      secrets: [
        { version: 2, value: SECRET },
        { version: 1, value: OLD_SECRET },
      ],
    },
    {},
  ],
];

describe.each(variants)("with %s", (_name, options, names) => {
  it("reads what Better Auth reads, whatever is sent", async () => {
    const reference = betterAuthReader(options);
    const { name } = await reference(new Headers());
    const cookie = fc.record({
      // The session cookie, several times perhaps, among neighbours whose names begin or end alike.
      name: fc.constantFrom(name, name, name, `x-${name}`, `${name}_multi-1`, "theme"),
      value,
    });
    let read = 0;
    const runs = 300;
    await fc.assert(
      fc.asyncProperty(fc.array(cookie, { minLength: 1, maxLength: 4 }), async (cookies) => {
        const pairs = await Promise.all(
          cookies.map(async (each) => `${each.name}=${await written(each.value)}`),
        );
        const headers = new Headers({ cookie: pairs.join("; ") });
        const expected = (await reference(headers)).token;
        expect(readSessionToken(headers, { secret: SECRET, ...names, cookieName: name })).toBe(
          expected,
        );
        // Found by the rules of names too, without being told of the prefix.
        expect(readSessionToken(headers, { secret: SECRET, ...names })).toBe(expected);
        if (expected !== null) read += 1;
      }),
      { numRuns: runs },
    );
    // A property over refusals alone would prove little.
    expect(read).toBeGreaterThan(runs / 10);
  });
});

describe("bearer tokens", () => {
  it.each([
    [true, { requireSignature: false }],
    ["signed", { requireSignature: true }],
  ] as const)("%s: as the plugin reads them", async (bearerOption, plugin) => {
    const reference = betterAuthReader({}, plugin);
    const good = await signed("a-session-token", SECRET);
    const other = await signed("another", SECRET);
    const foreign = await signed("a-session-token", OLD_SECRET);
    let read = 0;
    for (const authorization of [
      `Bearer ${good}`,
      `bearer ${decodeURIComponent(good)}`,
      `BEARER   ${good} `,
      `Bearer ${foreign}`,
      `Bearer ${good.slice(0, -5)}`,
      "Bearer a-session-token",
      "Bearer",
      "Bearer ",
      "Basic YTpi",
      "",
    ]) {
      for (const cookie of [undefined, `__Secure-better-auth.session_token=${other}`]) {
        const headers = new Headers({ authorization, ...(cookie ? { cookie } : {}) });
        const expected = (await reference(headers)).token;
        const actual = readSessionToken(headers, { secret: SECRET, bearer: bearerOption });
        expect([authorization, cookie, actual]).toEqual([authorization, cookie, expected]);
        if (expected !== null) read += 1;
      }
    }
    expect(read).toBeGreaterThan(10);
  });

  it("count for nothing unless they are asked for", async () => {
    const headers = new Headers({ authorization: `Bearer ${await signed("a", SECRET)}` });
    expect(readSessionToken(headers, { secret: SECRET })).toBeNull();
  });
});

describe("which cookie", () => {
  const name = "better-auth.session_token";

  it("the best protected one that is there decides, good or bad", async () => {
    const [secure, plain] = [await signed("secure", SECRET), await signed("plain", SECRET)];
    const read = (cookie: string, options = {}) =>
      readSessionToken(new Headers({ cookie }), { secret: SECRET, ...options });
    expect(read(`${name}=${plain}; __Secure-${name}=${secure}`)).toBe("secure");
    expect(read(`${name}=${plain}; __Host-${name}=${secure}`)).toBe("secure");
    expect(read(`${name}=${plain}; __Secure-${name}=forged`)).toBeNull();
    expect(read(`${name}=${plain}`)).toBe("plain");
    expect(read(`${name}=${plain}`, { cookieName: `__Secure-${name}` })).toBeNull();
    expect(readSessionToken(new Headers(), { secret: SECRET })).toBeNull();
  });

  it.each(["", undefined])("no secret (%j) is a clear error", (secret) => {
    expect(() => readSessionToken(new Headers(), { secret: secret as string })).toThrowError(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});

it("takes no name without its prefix when that is asked, and no secret that anybody knows", async () => {
  const cookie = `better-auth.session_token=${await signed("planted", SECRET)}`;
  const headers = new Headers({ cookie });
  expect(readSessionToken(headers, { secret: SECRET })).toBe("planted");
  expect(readSessionToken(headers, { secret: SECRET, requirePrefix: true })).toBeNull();
  const secure = new Headers({ cookie: `${cookie}; __Secure-${cookie}` });
  expect(readSessionToken(secure, { secret: SECRET, requirePrefix: true })).toBe("planted");
  const secret = "better-auth-secret-12345678901234567890";
  expect(() => readSessionToken(headers, { secret })).toThrow(
    expect.objectContaining({ code: "SECRET_INSECURE" }),
  );
});
