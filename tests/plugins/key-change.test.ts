/** For how many seconds nobody gets in after a change of keys, second by second, with Convex's cache at its worst. */
import type { BetterAuthOptions } from "better-auth";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { JWKS_MAX_AGE_S } from "../../js/plugins/convex/key-set.js";
import { createApp, decode } from "./support/app.js";
import type { App, Browser } from "./support/app.js";
import { createVerifier } from "./support/simulated-convex.js";

const SECOND = 1000;
const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const ONE = "first-secret-with-enough-length-0001";
const TWO = "second-secret-of-enough-length-02";
/** The option `secrets`, the current one first. */
const versions = (...values: string[]) =>
  values.map((value, at) => ({ version: values.length - at, value }));

const appOf = (options: BetterAuthOptions = {}, like?: App): App =>
  createApp({ convexOptions: { authConfig }, options, ...(like ? { like } : {}) });

async function signedUp(app: App): Promise<Browser> {
  const browser = app.browser();
  await browser.signUp("ada@example.com");
  return browser;
}

/** What a client saw on the way to a token that Convex accepts. */
interface Way {
  /** Seconds until then. */
  readonly seconds: number;
  /** Tokens that Convex refused. */
  readonly refused: number;
  /** Requests to the token endpoint. */
  readonly requests: number;
  readonly waits: { code: unknown; retryAfter: string | null }[];
}

/** Asks for a token as a client does, which waits for as long as it is told, until Convex accepts one. */
async function wayBack(
  browser: Browser,
  verify: (token: string) => Promise<boolean>,
): Promise<Way> {
  const start = Date.now();
  const waits: { code: unknown; retryAfter: string | null }[] = [];
  for (let requests = 1, refused = 0; ; requests += 1) {
    const response = await browser.request("/convex/token?fresh=1");
    const answer = (await response.json()) as { token: string; code?: string };
    const retryAfter = response.headers.get("retry-after");
    if (response.status === 200 && (await verify(answer.token)))
      return { seconds: (Date.now() - start) / SECOND, refused, requests, waits };
    if (response.status === 200) refused += 1;
    else waits.push({ code: answer.code, retryAfter });
    vi.setSystemTime(Date.now() + Number(retryAfter ?? 1) * SECOND);
  }
}

/** Convex, which fetches the key set right now and keeps it for as long as it may. */
async function freshlyCached(
  app: App,
  browser: Browser,
): Promise<(token: string) => Promise<boolean>> {
  const verify = createVerifier(app);
  expect(await verify(await browser.token())).toBe(true);
  return verify;
}

const waited = { code: "KEYS_CHANGING", retryAfter: String(JWKS_MAX_AGE_S) };

describe("nobody is locked out for longer than Convex keeps the key set", () => {
  it("the set is kept for seconds", async () => {
    expect(JWKS_MAX_AGE_S).toBe(10);
    const response = await appOf().browser().request("/convex/jwks");
    expect(response.headers.get("cache-control")).toBe("public, max-age=10");
  });

  it("when a key is withdrawn", async () => {
    const app = appOf();
    const browser = await signedUp(app);
    vi.setSystemTime(Date.now() + 60 * SECOND);
    const verify = await freshlyCached(app, browser);
    const old = await browser.token();
    await app.auth.api.rotateConvexKeys({ body: { compromised: true } });
    const way = await wayBack(browser, verify);
    expect(way).toEqual({ seconds: 10, refused: 0, requests: 2, waits: [waited] });
    expect(await verify(old)).toBe(false);
  });

  it("when the secret changes, from the first sign-in on", async () => {
    const before = appOf();
    const verify = await freshlyCached(before, await signedUp(before));
    vi.setSystemTime(Date.now() + SECOND);
    const app = appOf({ secret: "another-secret-with-enough-length-000002" }, before);
    const browser = app.browser();
    const response = await browser.signIn("ada@example.com");
    expect(response.status).toBe(200);
    // A server that renders with the cookie gets none that Convex would refuse.
    expect(browser.cookie("convex_jwt")).toBeUndefined();
    expect(app.logs.filter((line) => !line.includes("cannot be decrypted"))).toEqual([]);
    const way = await wayBack(browser, verify);
    expect(way).toEqual({ seconds: 10, refused: 0, requests: 2, waits: [waited] });
    expect(browser.cookie("convex_jwt")).toBeDefined();
  });

  it("when the algorithm changes", async () => {
    const before = appOf();
    await signedUp(before);
    vi.setSystemTime(Date.now() + SECOND);
    const rs256 = { providers: [getAuthConfigProvider({ algorithm: "RS256" })] };
    const app = createApp({ convexOptions: { authConfig: rs256 }, like: before });
    const verify = createVerifier(app);
    await verify(await (await signedInAgain(before)).token());
    const way = await wayBack(await signedInAgain(app), verify);
    expect(way.refused).toBe(0);
    expect(way.seconds).toBeLessThanOrEqual(10);
  });
});

async function signedInAgain(app: App): Promise<Browser> {
  const browser = app.browser();
  await browser.signIn("ada@example.com");
  return browser;
}

describe("nobody waits", () => {
  it("on a new deployment", async () => {
    const app = appOf();
    const way = await wayBack(await signedUp(app), createVerifier(app));
    expect(way).toEqual({ seconds: 0, refused: 0, requests: 1, waits: [] });
  });

  it("when a key is rotated in good time, before, at and after the change", async () => {
    const app = appOf();
    const browser = await signedUp(app);
    vi.setSystemTime(Date.now() + 60 * SECOND);
    const verify = await freshlyCached(app, browser);
    const { current, next } = await app.auth.api.rotateConvexKeys({ body: {} });
    const kids = new Set<unknown>();
    for (const at of [0, 5, 11, 239, 240, 241, 300]) {
      vi.setSystemTime((next?.signsFrom ?? 0) + (at - 240) * SECOND);
      expect(await wayBack(browser, verify)).toMatchObject({ seconds: 0, refused: 0, requests: 1 });
      kids.add(decode(await browser.token()).header["kid"]);
    }
    expect([...kids]).toEqual([current, next?.id]);
  });

  it.each<[string, BetterAuthOptions, BetterAuthOptions]>([
    ["in front of it", { secret: ONE }, { secret: ONE, secrets: versions(TWO) }],
    ["as the first of the versions", { secrets: versions(ONE) }, { secrets: versions(TWO, ONE) }],
  ])("when the secret stays and another one comes %s", async (_, given, changed) => {
    const before = appOf(given);
    const browser = await signedUp(before);
    const verify = await freshlyCached(before, browser);
    vi.setSystemTime(Date.now() + SECOND);
    const app = appOf(changed, before);
    const after = await signedInAgain(app);
    expect(await wayBack(after, verify)).toMatchObject({ seconds: 0, refused: 0, requests: 1 });

    // Keys are kept, and cookies are not: they hold for the current secret alone.
    const cookie = { cookie: browser.cookieHeader() };
    const sessionIn = (of: App): Promise<unknown> =>
      of.auth.api.getSession({ headers: new Headers(cookie) });
    expect(await sessionIn(before)).not.toBeNull();
    expect(await sessionIn(app)).toBeNull();
    expect(app.logs).toEqual([]);
  });
});

describe("while the keys change", () => {
  it("a session that is due stays as it is, and is renewed with the first token", async () => {
    const app = appOf({ session: { expiresIn: 120, updateAge: 5 } });
    const browser = await signedUp(app);
    vi.setSystemTime(Date.now() + 30 * SECOND);
    await app.auth.api.rotateConvexKeys({ body: { compromised: true } });
    const end = app.tables["session"]?.[0]?.["expiresAt"];
    expect((await browser.request("/convex/token")).status).toBe(503);
    expect(app.tables["session"]?.[0]?.["expiresAt"]).toEqual(end);
    vi.setSystemTime(Date.now() + 10 * SECOND);
    const answer = (await (await browser.request("/convex/token")).json()) as object;
    expect(answer).toMatchObject({ sessionExpiresAt: Date.now() + 120 * SECOND });
  });

  it("costs one call to be told so", async () => {
    const app = appOf();
    const browser = await signedUp(app);
    vi.setSystemTime(Date.now() + 30 * SECOND);
    await app.auth.api.rotateConvexKeys({ body: { compromised: true } });
    app.store.forgetCalls();
    expect((await browser.request("/convex/token")).status).toBe(503);
    expect(app.store.calls).toMatchObject({
      tokenContext: 1,
      addKey: 0,
      retireKey: 0,
      storeToken: 0,
    });
  });
});
