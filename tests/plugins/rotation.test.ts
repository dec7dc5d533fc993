/** The key ring rotates by command, by age and at once, while clients refresh as Convex's do. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { newKeySet } from "../../js/cli/keys.js";
import { JWKS_MAX_AGE_S } from "../../js/plugins/convex/key-set.js";
import type { ConvexOptions } from "../../js/plugins/index.js";
import { createApp, decode } from "./support/app.js";
import type { App } from "./support/app.js";
import { simulate } from "./support/simulated-convex.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

function ringApp(options: Partial<ConvexOptions> = {}): App {
  return createApp({ convexOptions: { authConfig, ...options } });
}

const rotate = (app: App, compromised?: boolean) =>
  app.auth.api.rotateConvexKeys({ body: compromised === undefined ? {} : { compromised } });

async function publishedIds(app: App): Promise<string[]> {
  const response = await app.browser().request("/convex/jwks");
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

async function signedIn(app: App) {
  const browser = app.browser();
  await browser.signUp("ada@example.com");
  return browser;
}

describe("while clients refresh as Convex's do, no valid token is refused", () => {
  it("by command, twice", async () => {
    const app = ringApp();
    const seen = await simulate(app, {
      count: 5,
      hours: 4,
      events: [
        [65 * MINUTE, () => rotate(app)],
        [66 * MINUTE, () => rotate(app)],
        [150 * MINUTE, () => rotate(app)],
      ],
    });
    expect([seen.rejected, seen.withdrawn]).toEqual([0, 0]);
    expect(seen.accepted).toBeGreaterThan(200);
    expect(seen.keysUsed).toHaveLength(3);
    expect(app.store.keys).toHaveLength(3);
    console.log(
      `note: planned rotations: ${seen.accepted} tokens accepted, ${seen.rejected} refused`,
    );
  });

  it("by age", async () => {
    const app = ringApp({ keys: { rotateEverySeconds: 3600 } });
    const seen = await simulate(app, { count: 5, hours: 6 });
    expect([seen.rejected, seen.withdrawn]).toEqual([0, 0]);
    expect(seen.accepted).toBeGreaterThan(300);
    expect(seen.keysUsed.length).toBeGreaterThanOrEqual(5);
    console.log(
      `note: rotation by age: ${seen.accepted} tokens accepted, ${seen.rejected} refused`,
    );
  });
});

describe("a compromised key", () => {
  it("is refused everywhere when verifiers have fetched the set again, and the new one by nobody", async () => {
    const app = ringApp();
    const seen = await simulate(app, {
      count: 20,
      hours: 2,
      events: [[65 * MINUTE, () => rotate(app, true)]],
    });
    expect([seen.rejected, seen.rejectedBetween]).toEqual([0, undefined]);
    expect(seen.withdrawn).toBeGreaterThan(0);
    expect(seen.keysUsed).toHaveLength(2);
    console.log(
      `note: compromised key: ${seen.withdrawn} of its tokens refused, ${seen.rejected} new ones; ${seen.accepted} accepted`,
    );
  });

  it("signs no more from that call on, is no longer published, and its cached token is gone", async () => {
    const app = ringApp();
    const browser = await signedIn(app);
    const before = decode(await browser.token()).header["kid"];
    vi.setSystemTime(Date.now() + MINUTE);
    const answer = await rotate(app, true);
    expect(answer).toEqual({ current: expect.any(String), next: null, withdrawn: [before] });
    expect(await publishedIds(app)).toEqual([answer.current]);
    expect((await browser.request("/convex/token")).status).toBe(503);
    vi.setSystemTime(Date.now() + JWKS_MAX_AGE_S * 1000);
    expect(decode(await browser.token()).header["kid"]).toBe(answer.current);
  });

  it("takes the next key with it", async () => {
    const app = ringApp();
    await signedIn(app);
    const { current, next } = await rotate(app);
    const answer = await rotate(app, true);
    expect([...answer.withdrawn].sort()).toEqual([current, next?.id].sort());
    expect(await publishedIds(app)).toEqual([answer.current]);
  });
});

describe("a compromised key that had retired before", () => {
  it("leaves the public set as well", async () => {
    const app = ringApp();
    const browser = await signedIn(app);
    const first = decode(await browser.token()).header["kid"];
    const { next } = await rotate(app);
    vi.setSystemTime((next?.signsFrom ?? 0) + MINUTE);
    expect(await publishedIds(app)).toEqual([next?.id, first]);

    const answer = await rotate(app, true);
    expect(new Set(answer.withdrawn)).toEqual(new Set([first, next?.id]));
    expect(await publishedIds(app)).toEqual([answer.current]);
    expect(app.store.keys.map(({ retiredAt }) => retiredAt)).toEqual([0, 0, null]);
  });

  it("is withdrawn in the transaction that adds its successor, so nothing can come between", async () => {
    const app = ringApp();
    const browser = await signedIn(app);
    await browser.token();
    app.store.retireKey = async () => {
      throw new Error("the second transaction failed");
    };
    await expect(rotate(app, true)).rejects.toThrow();
    const successor = app.store.keys[1]?.id;
    expect(await publishedIds(app)).toEqual([successor]);
    vi.setSystemTime(Date.now() + JWKS_MAX_AGE_S * 1000);
    // Its cached token is still there, and of no use.
    expect(app.store.tokens.size).toBe(1);
    expect(decode(await browser.token()).header["kid"]).toBe(successor);
  });
});

describe("rotateConvexKeys", () => {
  it("gives every superseded key its end: when its successor signs", async () => {
    const app = ringApp();
    await signedIn(app);
    const { next } = await rotate(app);
    expect(app.store.keys.map(({ retiredAt }) => retiredAt)).toEqual([next?.signsFrom, null]);
  });

  it("publishes the next key and says from when it signs; asking again changes nothing", async () => {
    const app = ringApp();
    const browser = await signedIn(app);
    const first = await rotate(app);
    expect(first.withdrawn).toEqual([]);
    expect((first.next?.signsFrom ?? 0) - Date.now()).toBe(240_000);
    expect(await rotate(app)).toEqual(first);
    expect(await publishedIds(app)).toEqual([first.current, first.next?.id]);
    expect(decode(await browser.token("?fresh=1")).header["kid"]).toBe(first.current);
    vi.setSystemTime(first.next?.signsFrom ?? 0);
    expect(decode(await browser.token()).header["kid"]).toBe(first.next?.id);
  });

  it("a retired key disappears after the longest token life, and not before", async () => {
    const app = ringApp({ jwt: { expirationSeconds: 7200 } });
    await signedIn(app);
    const { current, next } = await rotate(app);
    const retired = next?.signsFrom ?? 0;
    vi.setSystemTime(retired + 2 * HOUR + 5000);
    expect(await publishedIds(app)).toEqual([next?.id, current]);
    vi.setSystemTime(retired + 2 * HOUR + MINUTE);
    expect(await publishedIds(app)).toEqual([next?.id]);
  });

  it("concurrent rotations end with one next key", async () => {
    const app = ringApp();
    await signedIn(app);
    await Promise.all(Array.from({ length: 10 }, () => rotate(app)));
    expect(app.store.keys).toHaveLength(2);
    expect(await publishedIds(app)).toHaveLength(2);
  });

  it("makes the first key on a new deployment, which signs at once", async () => {
    const app = ringApp();
    expect(await rotate(app)).toEqual({ current: expect.any(String), next: null, withdrawn: [] });
  });

  it("is served on no path, and refuses static keys, queries and nonsense", async () => {
    const app = ringApp();
    for (const path of ["/rotate-convex-keys", "/convex/rotate", "/rotateConvexKeys"])
      expect((await app.browser().request(path, { body: {} })).status).toBe(404);
    const wrong = { compromised: "yes" } as never;
    await expect(app.auth.api.rotateConvexKeys({ body: wrong })).rejects.toMatchObject({
      statusCode: 400,
    });
    app.store.writable = false;
    await expect(rotate(app)).rejects.toMatchObject({ code: "READ_ONLY_CONTEXT" });
    const jwks = JSON.stringify(await newKeySet("ES256", Date.now()));
    const fixed = { providers: [getAuthConfigProvider({ jwks, algorithm: "ES256" })] };
    await expect(rotate(ringApp({ jwks, authConfig: fixed }))).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("npx convex-gate keys rotate") as string,
    });
  });
});
