/** Requests that nobody has thought of, both ways: any path, parameters, cookies, headers and times, in any order. */
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../../js/plugins/index.js";
import { createTally } from "../../support/two-ways/tally.js";
import { SITE } from "../support/app.js";
import type { Browser } from "../support/app.js";
import { createPair } from "./pair.js";
import { ORIGIN } from "./support.js";
import type { Code } from "./support.js";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const tally = createTally();

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Mostly one of these, sometimes any text. */
const oneOf = (usual: readonly string[], odd: readonly string[] = []): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...usual) },
    ...(odd.length > 0 ? [{ weight: 3, arbitrary: fc.constantFrom(...odd) }] : []),
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  );

/** Mostly nothing, sometimes one or two. */
const rarely = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(each, { minLength: 1, maxLength: 2 }) },
  );

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("/get-session", "/convex/token") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("/convex/jwks", "/convex/.well-known/openid-configuration"),
  },
  { weight: 1, arbitrary: fc.constantFrom("/convex/get-token", "/get-session/", "/ok") },
);

const parameter = fc.tuple(
  oneOf(["convexToken", "convexToken", "disableRefresh", "fresh"], ["disableCookieCache", "x"]),
  oneOf(["true", "1"], ["", "0", "no"]),
);

const oneOfHarms = fc.oneof(
  { weight: 3, arbitrary: fc.constant("none") },
  { weight: 1, arbitrary: fc.constantFrom("cut", "flipped", "decoded", "quoted") },
);

/** Who the cookie is said to be of, and what became of it on its way. */
const cookie = fc.record({
  whose: fc.constantFrom("ada", "ada", "bob", "nobody"),
  name: oneOf(
    ["__Secure-better-auth.session_token", "__Secure-better-auth.convex_jwt"],
    ["better-auth.session_token", "shop.session_token", "__Secure-better-auth.session_data"],
  ),
  harm: oneOfHarms,
  at: fc.nat(80),
});

const header = fc.tuple(
  fc.constantFrom(
    "origin",
    "origin",
    "accept",
    "sec-fetch-mode",
    "authorization",
    "user-agent",
    "x-forwarded-for",
  ),
  oneOf([ORIGIN, SITE, "application/json"], ["null", "text/html", "navigate", "cors", "Bearer x"]),
);

const asked = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "POST"),
  path,
  parameters: fc.oneof(
    { weight: 2, arbitrary: rarely(parameter) },
    { weight: 1, arbitrary: fc.constant<[string, string][]>([["convexToken", "true"]]) },
  ),
  /** A person's, as their browser sends it, or cookies that came together otherwise. */
  jar: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("ada", "bob", "nobody") },
    { weight: 2, arbitrary: fc.array(cookie, { minLength: 1, maxLength: 2 }) },
  ),
  /** Whether the other of the two ways to send a jar is taken, for pages elsewhere or here. */
  isOtherWay: fc.constantFrom(false, false, false, false, true),
  headers: rarely(header),
  /** How much later than the request before, in ms. */
  later: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 61_000, HOUR, 25 * HOUR),
});

type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

function requestOf(
  each: Asked,
  people: Readonly<Record<string, Browser>>,
  hasTabs: boolean,
): Request | null {
  const query = new URLSearchParams(each.parameters).toString();
  const jar =
    typeof each.jar === "string"
      ? (people[each.jar]?.cookieHeader() ?? "")
      : each.jar
          .map(({ whose, name, harm, at }) => {
            const own = people[whose]?.cookies.get(name) ?? people[whose]?.cookie("session_token");
            return `${name}=${harmed(own ?? "x.y", harm, at)}`;
          })
          .join("; ");
  const headers: [string, string][] = [...each.headers];
  if (jar !== "")
    headers.push([hasTabs !== each.isOtherWay ? "better-auth-cookie" : "cookie", jar]);
  try {
    const address = `${SITE}/api/auth${each.path}${query === "" ? "" : `?${query}`}`;
    return new Request(address, { method: each.method, headers });
  } catch {
    // No client can send such a header.
    return null;
  }
}

function harmed(value: string, harm: string, at: number): string {
  const place = at % (value.length + 1);
  switch (harm) {
    case "cut":
      return value.slice(0, place);
    case "flipped":
      return `${value.slice(0, place)}A${value.slice(place + 1)}`;
    case "decoded":
      return decodeURIComponent(value);
    case "quoted":
      return `"${value}"`;
    default:
      return value;
  }
}

const apps: readonly [string, () => Code][] = [
  ["one origin", () => ({})],
  ["two origins", () => ({ plugins: [crossDomain({ siteUrl: ORIGIN })], routes: { cors: true } })],
  [
    "short sessions with claims and fields",
    () => ({
      convexOptions: { jwt: { claims: ["email"], expirationTime: "2m" } },
      options: {
        session: { expiresIn: 7200, updateAge: 600 },
        user: { additionalFields: { born: { type: "date", required: false } } },
      },
    }),
  ],
];

describe.each(apps)("%s", (_name, code) => {
  it("answers any sequence of requests as the full way does", { timeout: 120_000 }, async () => {
    const pair = await createPair(code, tally);
    const people: Record<string, Browser> = { ada: pair.browser(), bob: pair.browser() };
    for (const [name, browser] of Object.entries(people)) {
      expect((await browser.signUp(`${name}@example.com`)).status).toBe(200);
      await browser.request("/convex/token");
    }
    const beginning = pair.database.contents();
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 8 }), async (sequence) => {
        vi.setSystemTime(NOW);
        await pair.database.become(beginning);
        await pair.warm();
        for (const each of sequence) {
          vi.setSystemTime(Date.now() + each.later);
          const request = requestOf(each, people, code().routes?.cors === true);
          if (request) await pair.compare(request);
        }
      }),
      { numRuns: 40 },
    );
  });
});

afterAll(() => {
  tally.print("generated requests");
  tally.expectProof();
});
