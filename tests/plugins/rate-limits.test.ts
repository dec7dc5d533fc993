/** Rate limits of Better Auth: where they are counted on Convex, and what a burst is answered. */
import type { BetterAuthOptions } from "better-auth";
import { httpRouter } from "convex/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import { createClient } from "../../js/server/index.js";
import { loggedIf } from "../../js/server/logged-store.js";
import type { AuthInstance } from "../../js/server/index.js";
import { createComponentApp } from "../support/component-app.js";
import { createBrowser, PASSWORD, SITE } from "./support/app.js";

const PATH = "/sign-in/email";
const MAX = 5;
const limited: BetterAuthOptions["rateLimit"] = {
  enabled: true,
  // An hour: however slow the machine, all requests of a test are in one window.
  customRules: { [PATH]: { window: 3600, max: MAX }, "/sign-up/email": false },
};
const appWith = (options: BetterAuthOptions, store?: (store: ConvexGateStore) => ConvexGateStore) =>
  createComponentApp({ options: { rateLimit: limited, ...options }, ...(store && { store }) });
type App = ReturnType<typeof appWith>;

const signIn = (
  { browser }: App,
  { ip = "203.0.113.9", password = PASSWORD } = {},
): Promise<Response> =>
  browser().request(PATH, {
    body: { email: "ada@example.com", password },
    headers: { "x-forwarded-for": ip },
  });

afterEach(() => vi.restoreAllMocks());

describe("by default", () => {
  it("a burst gets through as often as the rule allows, and the table says so", async () => {
    const app = appWith({});
    await app.browser().signUp("ada@example.com");
    const burst = Array.from({ length: 50 }, (_, index) =>
      signIn(app, { password: index % 2 ? PASSWORD : "wrong" }),
    );
    const statuses = (await Promise.all(burst)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(50 - MAX);
    expect(statuses.filter((status) => status === 200 || status === 401)).toHaveLength(MAX);
    expect(await app.rows("rateLimit")).toMatchObject([{ key: `203.0.113.9|${PATH}`, count: MAX }]);
  });

  it("addresses are counted apart", async () => {
    const app = appWith({});
    await app.browser().signUp("ada@example.com");
    for (let turn = 0; turn < MAX; turn += 1) await signIn(app);
    expect((await signIn(app)).status).toBe(429);
    expect((await signIn(app, { ip: "203.0.113.10" })).status).toBe(200);
    const counts = (await app.rows("rateLimit")).map(({ key, count }) => [key, count]);
    expect(Object.fromEntries(counts)).toEqual({
      [`203.0.113.9|${PATH}`]: MAX,
      [`203.0.113.10|${PATH}`]: 1,
    });
  });

  it("counting and refusing cost one call that reads one document, the first one none", async () => {
    const app = appWith({});
    expect(await spent(app)).toEqual(["gate:consumeRate 0"]);
    for (let turn = 1; turn < MAX; turn += 1)
      expect(await spent(app)).toEqual(["gate:consumeRate 1"]);
    expect(await spent(app)).toEqual(["gate:consumeRate 1"]);
  });

  it("nothing is asked where limits are off", async () => {
    expect(await spent(appWith({ rateLimit: { ...limited, enabled: false } }))).toEqual([]);
  });

  it("with `verbose` the call is logged, and the address is not", async () => {
    const log = vi.spyOn(console, "info").mockReturnValue();
    await signIn(appWith({}, (store) => loggedIf(true, store)));
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines[0]).toBe("[convex-gate] consume rateLimit where key");
    expect(lines.join()).not.toContain("203.0.113.9");
  });

  it.each<[string, BetterAuthOptions["rateLimit"], number]>([
    ["a day", {}, 1],
    ["as long as the longest window", { customRules: { "/ok": { window: 259_200, max: 1 } } }, 3],
    ["a month where a rule is worked out", { customRules: { "/ok": () => false } }, 31],
    ["no time that is none", { customRules: { "/ok": { window: NaN, max: 1 } } }, 1],
  ])("an idle counter stays for %s", async (_, rateLimit, days) => {
    const kept: number[] = [];
    const app = appWith({ rateLimit: { ...limited, ...rateLimit } }, (store) => ({
      ...store,
      rateLimits: {
        consume(key, rule, keep) {
          kept.push(keep);
          return store.rateLimits?.consume(key, rule, keep) as never;
        },
      },
    }));
    await signIn(app);
    expect(kept).toEqual([days * 86_400_000]);
  });
});

/** What one sign-in costs beside the look for its user. */
async function spent(app: App): Promise<string[]> {
  const { costs } = app.harness;
  costs.length = 0;
  await signIn(app, { password: "wrong" });
  return costs.filter((cost) => !cost.startsWith("gate:findOne"));
}

describe("left to Better Auth", () => {
  it.each<[string, BetterAuthOptions["rateLimit"], string, string]>([
    ["a renamed table", { modelName: "throttle" }, "throttle", "key"],
    ["a renamed column", { fields: { key: "bucket" } }, "rateLimit", "bucket"],
  ])("%s is used, in two calls", async (_, rateLimit, table, column) => {
    const app = appWith({ rateLimit: { ...limited, ...rateLimit } });
    expect((await spent(app)).map(nameOnly)).toEqual(["gate:findMany", "gate:create"]);
    expect((await spent(app)).map(nameOnly)).toEqual(["gate:findMany", "gate:incrementOne"]);
    expect(await app.rows(table)).toMatchObject([{ [column]: `203.0.113.9|${PATH}`, count: 2 }]);
  });

  it("names that are Better Auth's own rename nothing", async () => {
    const own = { modelName: "rateLimit", fields: { key: "key", count: "count" } };
    const app = appWith({ rateLimit: { ...limited, ...own, storage: "database" } });
    expect(await spent(app)).toEqual(["gate:consumeRate 0"]);
  });

  it("a store that cannot count is used as before, on the same rows, and can be changed at any time", async () => {
    const app = appWith({});
    const others = appWith({}, withoutCounters);
    await spent(app);
    await spent(others);
    const [ours, theirs] = [await app.rows("rateLimit"), await others.rows("rateLimit")];
    expect(ours.map((row) => Object.keys(row).sort())).toEqual(
      theirs.map((row) => Object.keys(row).sort()),
    );

    const statuses: number[] = [];
    for (let turn = 1; turn <= MAX; turn += 1) {
      const store = app.harness.store();
      const auth = app.auth(turn % 2 ? withoutCounters(store) : store);
      const { status } = await createBrowser(auth.handler).request(PATH, {
        body: { email: "ada@example.com", password: "wrong" },
        headers: { "x-forwarded-for": "203.0.113.9" },
      });
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429]);
    expect(await app.rows("rateLimit")).toMatchObject([{ count: MAX }]);
  });

  it("in a query, where nothing can be written", async () => {
    const app = appWith({});
    const { options } = await app.auth(app.harness.readOnlyStore()).$context;
    expect(options.rateLimit).toMatchObject({ storage: "database" });
    expect(options.rateLimit).not.toHaveProperty("customStorage");
  });

  function withoutCounters({ rateLimits: _, ...store }: ConvexGateStore): ConvexGateStore {
    return store;
  }
  function nameOnly(cost: string): string | undefined {
    return cost.split(" ")[0];
  }
});

describe("the app's choice", () => {
  const unused = { get: () => null, set: () => undefined, delete: () => undefined };
  const consume = () => Promise.resolve({ allowed: false, retryAfter: 7 });
  it.each<[string, BetterAuthOptions]>([
    ["memory", { rateLimit: { ...limited, storage: "memory" } }],
    ["its own storage", { rateLimit: { ...limited, customStorage: { consume } } }],
    [
      "a secondary storage",
      {
        secondaryStorage: { ...unused, increment: () => 99, getAndDelete: () => null },
        session: { storeSessionInDatabase: true },
      },
    ],
  ])("is kept: %s", async (_, options) => {
    const app = appWith(options);
    for (let turn = 0; turn <= MAX; turn += 1) await signIn(app, { ip: "203.0.113.77" });
    expect((await signIn(app, { ip: "203.0.113.77" })).status).toBe(429);
    expect(await app.rows("rateLimit")).toEqual([]);
  });
});

describe("the mounted routes", () => {
  type Route = {
    invokeHttpAction: (request: Request) => Promise<Response>;
    _handler: (ctx: object, request: Request) => Promise<Response>;
  };
  /** The route of sign-in, and what it was given. */
  function mounted(handler: AuthInstance["handler"], advanced?: BetterAuthOptions["advanced"]) {
    const http = httpRouter();
    const createAuth = (): AuthInstance => ({
      handler,
      $context: Promise.resolve({
        options: { basePath: "/api/auth", ...(advanced && { advanced }) },
        trustedOrigins: [],
        isTrustedOrigin: () => false,
        secret: "",
        authCookies: { sessionToken: { name: "" }, dontRememberToken: { name: "" } },
      }),
    });
    createClient({} as ComponentApi).registerRoutes(http, createAuth);
    const route = http.lookup(`/api/auth${PATH}`, "POST")?.[0] as unknown as Route;
    return (ctx: object, headers: Record<string, string> = {}) =>
      route._handler(ctx, new Request(`${SITE}/api/auth${PATH}`, { method: "POST", headers }));
  }
  const meta = (ip: string | null) => ({
    meta: { getRequestMetadata: () => Promise.resolve({ ip }) },
  });

  it("say in Retry-After what Better Auth says in X-Retry-After", async () => {
    const app = appWith({});
    await app.browser().signUp("ada@example.com");
    for (let turn = 0; turn < MAX; turn += 1) await signIn(app);
    const ask = mounted((request) => app.auth().handler(request));
    const refused = await ask({}, { "x-forwarded-for": "203.0.113.9" });
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get("retry-after"));
    expect(refused.headers.get("x-retry-after")).toBe(String(wait));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);
  });

  it("answer 503, not 500, when the counter's writes collided too often", async () => {
    const app = appWith({}, (store) => ({
      ...store,
      rateLimits: {
        consume: () =>
          Promise.reject(
            new Error(
              'Documents read from or written to the "rateLimit" table changed while this mutation was being run and on every subsequent retry.',
            ),
          ),
      },
    }));
    const ask = mounted((request) => app.auth().handler(request));
    const busy = await ask({}, { "x-forwarded-for": "203.0.113.9" });
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await busy.json()).toMatchObject({ code: "TOO_BUSY" });
  });

  it("leave every other error alone", async () => {
    const ask = mounted(() => Promise.reject(new Error("a bug of the app")));
    await expect(ask({})).rejects.toThrow("a bug of the app");
  });

  it.each<[string, object, BetterAuthOptions["advanced"], string | null]>([
    ["Convex's word on it", meta("198.51.100.1"), undefined, "198.51.100.1"],
    ["the header of an older backend", {}, undefined, "203.0.113.9"],
    ["nowhere when nobody knows", meta(null), undefined, null],
    ["nowhere when Convex repeats what is no address", meta("<script>"), undefined, null],
    ["Convex's word without a port", meta("198.51.100.1:4711"), undefined, "198.51.100.1"],
    ["Convex's word in brackets", meta("[2001:db8::1]:4711"), undefined, "2001:db8::1"],
    [
      "the header that the app names",
      meta("198.51.100.1"),
      { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
      "203.0.113.9",
    ],
    [
      "the app's proxies",
      meta("198.51.100.1"),
      { ipAddress: { trustedProxies: ["10.0.0.0/8"] } },
      "203.0.113.9",
    ],
  ])("take the address from %s", async (_, ctx, advanced, expected) => {
    let seen: string | null = null;
    const ask = mounted((request) => {
      seen = request.headers.get("x-forwarded-for");
      return Promise.resolve(new Response());
    }, advanced);
    await ask(ctx, { "x-forwarded-for": "203.0.113.9" });
    expect(seen).toBe(expected);
  });

  it("a chain of the app's own proxies is read from its end, so that its beginning may be forged", async () => {
    const advanced = { ipAddress: { trustedProxies: ["10.0.0.0/8"] } };
    const app = appWith({ advanced });
    await app.browser().signUp("ada@example.com");
    const ask = mounted((request) => app.auth().handler(request), advanced);
    for (let turn = 0; turn <= MAX; turn += 1) {
      const chain = `192.0.2.${String(turn)}, 203.0.113.9, 10.0.0.1`;
      const { status } = await ask(meta(`192.0.2.${String(turn)}`), { "x-forwarded-for": chain });
      expect(status === 429).toBe(turn === MAX);
    }
  });
});
