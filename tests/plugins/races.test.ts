/**
 * Races of many requests at once, where mutations conflict as on Convex: no 5xx, and the right result. `RACE=200` makes them
 * larger. Each notes how often calls were made again.
 */
import { apiKey } from "@better-auth/api-key";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { vouchingGoogle } from "../support/vouching-google.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import { createBrowser } from "./support/app.js";
import type { Browser } from "./support/app.js";

const AT_ONCE = Number(process.env["RACE"] ?? 60);
const TIMEOUT_MS = 120_000;

afterEach(() => vi.useRealTimers());

const options = vouchingGoogle();
const open = (plugins: BetterAuthPlugin[] = [], more: BetterAuthOptions = {}): ComponentApp =>
  createComponentApp({ concurrent: true, options: { ...options, ...more }, plugins });

/** Runs `once` many times at once and gives how often each outcome was. */
async function race(
  app: ComponentApp,
  once: (index: number) => Promise<string | number>,
  times = AT_ONCE,
): Promise<Record<string, number>> {
  const concurrency = await app.harness.concurrency();
  concurrency.reset();
  const all = await Promise.all(Array.from({ length: times }, (_, index) => once(index)));
  const outcomes: Record<string, number> = {};
  for (const outcome of all) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const { committed, conflicts, lost } = concurrency.counts();
  console.log(
    `note: ${String(times)} at once: ${JSON.stringify(outcomes)}, ${String(committed)} commits, ` +
      `${String(conflicts)} conflicts, ${String(lost)} calls made again`,
  );
  return outcomes;
}

async function signedUp(app: ComponentApp): Promise<Browser> {
  const browser = app.browser();
  expect((await browser.signUp("ada@example.com")).status).toBe(200);
  return browser;
}

describe("the adapter's own operations", () => {
  const where = [{ field: "id", value: "n" }];

  it("increments of one row are all counted", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    await app.harness.store().run("create", { model: "note", data: { id: "n", count: 0 } });
    const increment = { model: "note", where, increment: { count: 1 } };
    const outcomes = await race(app, async () => {
      await app.harness.store().run("incrementOne", increment);
      return "counted";
    });
    expect(outcomes).toEqual({ counted: AT_ONCE });
    expect(await app.rows("note")).toMatchObject([{ count: AT_ONCE }]);
  });

  it("one row is consumed once", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    await app.harness.store().run("create", { model: "note", data: { id: "n" } });
    const outcomes = await race(app, async () =>
      (await app.harness.store().run("consumeOne", { model: "note", where })) ? "row" : "none",
    );
    expect(outcomes).toEqual({ row: 1, none: AT_ONCE - 1 });
  });
});

describe("requests", () => {
  it("changes of one's own user all succeed", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    const browser = await signedUp(app);
    const outcomes = await race(
      app,
      async (index) =>
        (await browser.request("/update-user", { body: { name: `n${String(index)}` } })).status,
    );
    expect(outcomes).toEqual({ 200: AT_ONCE });
  });

  const idToken = { provider: "google", idToken: { token: "g" } };

  it("linking one account links it once", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    const browser = await signedUp(app);
    const outcomes = await race(
      app,
      async () => (await browser.request("/link-social", { body: idToken })).status,
    );
    // What the others are told is Better Auth's.
    expect(Object.keys(outcomes).filter((status) => Number(status) >= 500)).toEqual([]);
    expect(outcomes["200"]).toBeGreaterThan(0);
    expect(await app.rows("account")).toHaveLength(2);
  });

  it("first sign-ins with one account make one user", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    const outcomes = await race(
      app,
      async () => (await app.browser().request("/sign-in/social", { body: idToken })).status,
    );
    expect(Object.keys(outcomes).filter((status) => Number(status) >= 500)).toEqual([]);
    expect(outcomes["200"]).toBeGreaterThan(0);
    expect(await app.rows("user")).toHaveLength(1);
    expect(await app.rows("account")).toHaveLength(1);
    expect(await app.harness.store().run("count", { model: "session" })).toBe(outcomes["200"]);
  });

  it("sign-ins of one person all succeed", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    await signedUp(app);
    const outcomes = await race(
      app,
      async () => (await app.browser().signIn("ada@example.com")).status,
    );
    expect(outcomes).toEqual({ 200: AT_ONCE });
    expect(await app.harness.store().run("count", { model: "session" })).toBe(AT_ONCE + 1);
  });

  it("tokens of one session are all given and kept", { timeout: TIMEOUT_MS }, async () => {
    const app = open();
    const browser = await signedUp(app);
    const outcomes = await race(app, async () => (await browser.request("/convex/token")).status);
    expect(outcomes).toEqual({ 200: AT_ONCE });
  });

  it("a session that is due is renewed for all", { timeout: TIMEOUT_MS }, async () => {
    const app = open([], { session: { updateAge: 0 } });
    const browser = await signedUp(app);
    const outcomes = await race(app, async () => (await browser.request("/get-session")).status);
    expect(outcomes).toEqual({ 200: AT_ONCE });
    // Whoever comes second finds it renewed.
    expect((await app.harness.concurrency()).counts()).toMatchObject({ lost: 0 });
  });

  it("a rate limit lets exactly its number pass", { timeout: TIMEOUT_MS }, async () => {
    const rules = {
      "/sign-in/email": { window: 3_600, max: 20 },
      "/sign-up/email": false as const,
    };
    const app = open([], { rateLimit: { enabled: true, customRules: rules } });
    await signedUp(app);
    const outcomes = await race(
      app,
      async () => (await app.browser().signIn("ada@example.com")).status,
    );
    expect(outcomes).toEqual({ 200: 20, 429: AT_ONCE - 20 });
  });
});

describe("API keys", () => {
  type Verified = { valid: boolean; error: { code?: string } | null };
  type KeyApi = {
    createApiKey(call: { body: object }): Promise<{ key: string }>;
    verifyApiKey(call: { body: { key: string } }): Promise<Verified>;
  };
  const unlimited = apiKey({ rateLimit: { enabled: false } }) as unknown as BetterAuthPlugin;
  const limited = apiKey() as unknown as BetterAuthPlugin;
  const api = (app: ComponentApp): KeyApi => app.auth().api as unknown as KeyApi;

  async function keyOf(app: ComponentApp, given: object): Promise<string> {
    await signedUp(app);
    const [user] = await app.rows("user");
    const { key } = await api(app).createApiKey({ body: { userId: user?.["id"], ...given } });
    return key;
  }
  const verify = async (app: ComponentApp, key: string): Promise<string> => {
    const { valid, error } = await api(app).verifyApiKey({ body: { key } });
    return valid ? "valid" : (error?.code ?? "");
  };

  // By default a key may be used ten times a day, so that both limits are reached at once.
  it.each([
    [50, "no rate limit", unlimited],
    [200, "no rate limit", unlimited],
    [50, "a rate limit", limited],
    [200, "a rate limit", limited],
  ])(
    "of %i verifications with %s a key for ten uses grants ten",
    { timeout: TIMEOUT_MS },
    async (times, _limit, plugin) => {
      const app = open([plugin]);
      const key = await keyOf(app, { remaining: 10 });
      const outcomes = await race(app, () => verify(app, key), times);
      expect(outcomes).toEqual({ valid: 10, USAGE_EXCEEDED: times - 10 });
      expect(await app.rows("apikey")).toMatchObject([{ remaining: 0 }]);
    },
  );

  it("the last use is granted though others find the key used up meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let meanwhile: (() => Promise<unknown>) | undefined;
    const app = createComponentApp({
      plugins: [limited],
      store: (store) => ({
        ...store,
        async run(method, args) {
          const result = await store.run(method, args);
          const next = meanwhile;
          if (method === "incrementOne") meanwhile = undefined;
          if (method === "incrementOne") await next?.();
          return result;
        },
      }),
    });
    const key = await keyOf(app, { remaining: 1 });
    meanwhile = async () => expect(await verify(app, key)).toBe("USAGE_EXCEEDED");
    expect(await verify(app, key)).toBe("valid");
    expect(await app.rows("apikey")).toMatchObject([{ remaining: 0 }]);
    // As the plugin wants it the key goes, when nobody can be using it any more.
    vi.setSystemTime(Date.now() + 60_001);
    expect(await verify(app, key)).toBe("USAGE_EXCEEDED");
    expect(await app.rows("apikey")).toEqual([]);
  });

  it("stamps of a key are written at most once a second", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = open([unlimited]);
    const key = await keyOf(app, {});
    const calls = async (): Promise<string[]> => {
      app.harness.costs.length = 0;
      expect(await verify(app, key)).toBe("valid");
      return app.harness.costs.map((cost) => cost.split(" ")[0] ?? "");
    };
    expect(await calls()).toEqual(["gate:findOne", "gate:update"]);
    expect(await calls()).toEqual(["gate:findOne"]);
    vi.setSystemTime(Date.now() + 1_000);
    expect(await calls()).toEqual(["gate:findOne", "gate:update"]);
    const [row] = await app.rows("apikey");
    expect([row?.["lastRequest"], row?.["updatedAt"]]).toEqual([Date.now(), Date.now()]);
  });

  it("a use is counted and stamped by one call, a request of a limited key by another", async () => {
    const app = open([limited]);
    const key = await keyOf(app, { remaining: 5 });
    app.harness.costs.length = 0;
    expect(await verify(app, key)).toBe("valid");
    const called = app.harness.costs.map((cost) => cost.split(" ")[0]);
    expect(called).toEqual(["gate:findOne", "gate:incrementOne", "gate:incrementOne"]);
  });

  it("a key that was just used is refused once it is revoked", async () => {
    const app = open([unlimited]);
    const key = await keyOf(app, {});
    await app.harness.store().run("deleteMany", { model: "apikey", where: [] });
    expect(await verify(app, key)).toBe("INVALID_API_KEY");
    expect(await app.rows("apikey")).toEqual([]);
  });

  it("a key without limits is verified without collisions", { timeout: TIMEOUT_MS }, async () => {
    // What is a second old is stamped again, and a machine may need longer for a race.
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = open([unlimited]);
    const key = await keyOf(app, {});
    expect(await race(app, () => verify(app, key))).toEqual({ valid: AT_ONCE });
    const { conflicts, lost } = (await app.harness.concurrency()).counts();
    // All come before the first stamp is seen; what they find then is stamped.
    expect([conflicts < AT_ONCE, lost]).toEqual([true, 0]);
    const before = app.harness.calls.length;
    expect(await race(app, () => verify(app, key))).toEqual({ valid: AT_ONCE });
    expect(app.harness.calls.slice(before)).toEqual(Array.from({ length: AT_ONCE }, () => "query"));
  });

  it("a rate limit of a key lets exactly its number pass", { timeout: TIMEOUT_MS }, async () => {
    const app = open([limited]);
    const key = await keyOf(app, {});
    const outcomes = await race(app, () => verify(app, key));
    expect(outcomes).toEqual({ valid: 10, RATE_LIMITED: AT_ONCE - 10 });
  });

  it(
    "a session by a key is given as often as the key has uses",
    { timeout: TIMEOUT_MS },
    async () => {
      const plugin = apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } });
      const app = open([plugin as unknown as BetterAuthPlugin]);
      const key = await keyOf(app, { remaining: 10 });
      const outcomes = await race(app, async () => {
        const browser = createBrowser((request) => app.auth().handler(request));
        return (await browser.request("/get-session", { headers: { "x-api-key": key } })).status;
      });
      expect(outcomes).toEqual({ 200: 10, 429: AT_ONCE - 10 });
    },
  );
});
