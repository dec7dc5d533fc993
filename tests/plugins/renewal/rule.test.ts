/** The token endpoint renews when Better Auth's own `get-session` would, and sets the cookies that it would set. */
import type { BetterAuthOptions } from "better-auth";
import { multiSession } from "better-auth/plugins/multi-session";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cookiesOf, createWorld, SECOND, wait } from "./world.js";
import type { World } from "./world.js";

const START = new Date("2027-01-01T00:00:00.000Z");

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => void vi.useRealTimers());

interface Case {
  readonly name: string;
  readonly session?: BetterAuthOptions["session"];
  readonly signUp?: Record<string, unknown>;
  readonly options?: BetterAuthOptions;
  readonly multi?: boolean;
}

const minute = { expiresIn: 60, updateAge: 5 };
const cases: Case[] = [
  { name: "the defaults" },
  { name: "a short life", session: minute },
  { name: "updateAge 0", session: { expiresIn: 60, updateAge: 0 } },
  { name: "updateAge of half a life", session: { expiresIn: 60, updateAge: 30 } },
  { name: "updateAge that is never reached", session: { expiresIn: 60, updateAge: 60 } },
  { name: "updateAge beyond the end", session: { expiresIn: 60, updateAge: 3600 } },
  { name: "disableSessionRefresh", session: { ...minute, disableSessionRefresh: true } },
  { name: "deferSessionRefresh", session: { ...minute, deferSessionRefresh: true } },
  { name: "rememberMe: false", session: minute, signUp: { rememberMe: false } },
  { name: "the cookie cache", session: { ...minute, cookieCache: { enabled: true, maxAge: 20 } } },
  {
    name: "the cookie cache as a JWT",
    session: { ...minute, cookieCache: { enabled: true, strategy: "jwe" } },
  },
  {
    name: "columns of other names",
    session: { ...minute, fields: { expiresAt: "endsAt", updatedAt: "usedAt" } },
  },
  { name: "a table of another name", session: { ...minute, modelName: "visits" } },
  {
    name: "a secondaryStorage",
    session: { ...minute, storeSessionInDatabase: true },
    options: { secondaryStorage: storage() },
  },
  { name: "multi-session", session: minute, multi: true },
  {
    name: "another prefix and cookies for subdomains",
    session: minute,
    options: {
      advanced: {
        cookiePrefix: "mine",
        crossSubDomainCookies: { enabled: true, domain: "example.com" },
      },
    },
  },
];

function storage(): BetterAuthOptions["secondaryStorage"] {
  const kept = new Map<string, string>();
  return {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => void kept.set(key, value),
    delete: (key: string) => void kept.delete(key),
  } as BetterAuthOptions["secondaryStorage"];
}

const worldOf = ({ multi, name: _name, ...given }: Case): Promise<World> =>
  createWorld({ ...given, plugins: multi ? [multiSession()] : [] });

/** What a request left behind: the row's times, and the cookies but for the JWT. */
async function traceOf(world: World, response: Response): Promise<unknown> {
  const ids = new Set(["_id", "id", "token", "userId"]);
  const entries = Object.entries((await world.session()) ?? {});
  const row = Object.fromEntries(entries.filter(([column]) => !ids.has(column)));
  const attributes = response.headers
    .getSetCookie()
    .filter((entry) => !entry.includes("convex_jwt="))
    // Values are random; what counts is whether there is one, and everything that follows.
    .map((entry) => entry.replace(/=[^;]+/, "=…"))
    // A session's own cookie of multi-session is named by its token.
    .map((entry) => entry.replace(/(session_token_multi-)[^=]+/, "$1…"))
    .sort();
  return { row, attributes };
}

describe.each(cases)("$name", (given) => {
  const life = given.signUp ? 86_400 : (given.session?.expiresIn ?? 7 * 86_400);
  // In seconds of the session's life. The last 20 s are those in which the rules differ on purpose.
  const ages = [0, 1, 4, 4.999, 5, 5.001, 29.999, 30, life / 2, life / 7, life - 20];
  it.each([...new Set(ages)])("at the age of %d s", async (age) => {
    const [theirs, ours] = [await worldOf(given), await worldOf(given)];
    wait(age);
    const path = "/get-session?disableCookieCache=true";
    const deferred = given.session?.deferSessionRefresh === true;
    const init = deferred ? { method: "POST" } : {};
    const expected = await theirs.browser.request(path, init);
    const actual = await ours.browser.request("/convex/token");
    expect(actual.status).toBe(200);
    const [left, right] = [await traceOf(theirs, expected), await traceOf(ours, actual)];
    // `get-session` also renews what it does not renew: the cache of a session that is not due.
    if (!("session_token" in cookiesOf(expected)) && given.session?.cookieCache)
      expect(right).toMatchObject({ row: (left as { row: object }).row, attributes: [] });
    else expect(right).toEqual(left);
    const end = ((await ours.session()) ?? {})[given.session?.fields?.expiresAt ?? "expiresAt"];
    expect(await actual.json()).toMatchObject({ sessionExpiresAt: end, now: Date.now() });
    expect(Number(end)).toBeGreaterThanOrEqual(START.getTime() + life * SECOND);
  });
});
