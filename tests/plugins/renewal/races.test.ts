/** What a renewal costs, and what happens when something else happens meanwhile. */
import { APIError } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConvexGateStore } from "../../../js/adapter/index.js";
import { createClient } from "../../../js/server/index.js";
import { decode, SITE } from "../support/app.js";
import { cookiesOf, createWorld, SECOND, wait } from "./world.js";

const START = new Date("2027-01-01T00:00:00.000Z");
const session = { expiresIn: 60, updateAge: 5 };

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => void vi.useRealTimers());

const read = "gate:tokenContext 4";
const renew = "transactions:commit 3";

/** A store before whose commits something happens. */
function before(happen: (store: ConvexGateStore) => Promise<unknown>) {
  return (store: ConvexGateStore): ConvexGateStore =>
    store.log
      ? {
          ...store,
          log: {
            ...store.log,
            async commit(log) {
              await happen(store);
              return store.log?.commit(log) ?? [];
            },
          },
        }
      : store;
}

describe("a renewal costs one mutation, which keeps the token as well", () => {
  it.each(["", "?fresh=1"])("%s", async (query) => {
    const world = await createWorld({ session });
    await world.token();
    expect(await world.costsOf(() => world.token())).toEqual([read]);
    wait(5);
    expect(await world.costsOf(() => world.token(query))).toEqual([read, renew]);
    expect(await world.costsOf(() => world.token())).toEqual([read]);
  });

  it("without a cache of tokens", async () => {
    const world = await createWorld({ session, convexOptions: { jwtCache: false } });
    wait(5);
    const costs = await world.costsOf(() => world.token());
    expect(costs).toEqual(["gate:tokenContext 3", "gate:commit 1"]);
    expect(await world.app.rows("gateTokens")).toEqual([]);
  });

  it("where get-session takes three calls", async () => {
    const world = await createWorld({ session });
    await world.token();
    wait(5);
    const costs = await world.costsOf(() => world.browser.request("/get-session"));
    expect(costs.map((cost) => cost.split(" ")[0])).toEqual([
      "gate:findOne",
      "gate:update",
      "gate:listKeys",
    ]);
  });
});

describe("two tabs at once", () => {
  it.each(["", "?fresh=1"])("renew once: token%s", async (query) => {
    const world = await createWorld({ session });
    await world.token();
    wait(5);
    let answers: Awaited<ReturnType<typeof world.token>>[] = [];
    const costs = await world.costsOf(async () => {
      answers = await Promise.all([world.token(query), world.token(query)]);
    });
    const [one, other] = answers;
    expect(one?.sessionExpiresAt).toBe(Date.now() + 60 * SECOND);
    expect(other?.sessionExpiresAt).toBe(one?.sessionExpiresAt);
    expect(one?.token === other?.token).toBe(query === "");
    // Both read, both try, one has won; the other reads again and finds it done.
    expect(costs.filter((cost) => cost.startsWith("transactions:commit"))).toHaveLength(2);
    expect(costs.filter((cost) => cost.startsWith("gate:storeToken"))).toHaveLength(query ? 1 : 0);
    expect(costs).toHaveLength(query ? 6 : 5);
    expect(await world.app.rows("gateTokens")).toHaveLength(1);
  });

  it("among twenty, everybody has a token", async () => {
    const world = await createWorld({ session });
    wait(5);
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.token("?fresh=1")));
    expect(new Set(answers.map((answer) => answer?.sessionExpiresAt))).toEqual(
      new Set([Date.now() + 60 * SECOND]),
    );
    expect(new Set(answers.map((answer) => answer?.token)).size).toBe(20);
  });
});

describe("a session that meanwhile", () => {
  it("was revoked is not renewed back, and no token is made for it", async () => {
    let revoke = false;
    const world = await createWorld({
      session,
      store: before(async (store) => {
        if (revoke) await store.run("deleteMany", { model: "session", where: [] });
      }),
    });
    wait(5);
    revoke = true;
    expect(await world.token()).toBeNull();
    expect(await world.session()).toBeUndefined();
    expect(await world.app.rows("gateTokens")).toEqual([]);
    expect(world.browser.cookie("convex_jwt")).toBeUndefined();
  });

  it("was changed is read again, and what was changed stays", async () => {
    let changes = 0;
    const world = await createWorld({
      session,
      store: before(async (store) => {
        if (changes === 0 || changes > 1) return;
        changes += 1;
        await store.run("updateMany", {
          model: "session",
          where: [],
          update: { userAgent: "another" },
        });
      }),
    });
    wait(5);
    changes = 1;
    expect(await world.token()).toMatchObject({ sessionExpiresAt: Date.now() + 60 * SECOND });
    expect(await world.session()).toMatchObject({ userAgent: "another" });
  });

  it("is changed without an end has its token unrenewed", async () => {
    let busy = false;
    const world = await createWorld({
      session,
      store: before(async (store) => {
        const update = { userAgent: `another ${Math.random()}` };
        if (busy) await store.run("updateMany", { model: "session", where: [], update });
      }),
    });
    wait(5);
    busy = true;
    expect((await world.token())?.sessionExpiresAt).toBe(START.getTime() + 60 * SECOND);
  });
});

describe("a renewal that Convex has no room for", () => {
  const crowded = async (seconds: number): Promise<Response> => {
    const world = await createWorld({ session });
    wait(seconds);
    world.app.harness.overloads.fail("TimedOut", "transactions:commit", 2);
    const visitor = world.app.visitor();
    for (const [name, value] of world.browser.cookies) visitor.cookies.set(name, value);
    return visitor.request("/convex/token");
  };

  it("is left to the next request: the session has its token", async () => {
    const response = await crowded(5);
    expect(response.status).toBe(200);
    const end = START.getTime() + 60 * SECOND;
    expect(await response.json()).toMatchObject({ sessionExpiresAt: end });
  });

  it("is asked for again where the session is as good as over: nobody is signed out by it", async () => {
    const response = await crowded(50);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe("the app's database hooks", () => {
  const withHook = (update: NonNullable<NonNullable<Hooks["session"]>["update"]>) =>
    createWorld({ session, options: { databaseHooks: { session: { update } } } });
  type Hooks = NonNullable<
    NonNullable<Parameters<typeof createWorld>[0]>["options"] & {}
  >["databaseHooks"] & {};

  it("may give the session another end, which the token and the answer follow", async () => {
    const end = START.getTime() + 70 * SECOND;
    const before = async () => ({ data: { expiresAt: new Date(end) } });
    const world = await withHook({ before: before as never });
    wait(30);
    expect(await world.token()).toMatchObject({ sessionExpiresAt: end, exp: end / SECOND });
    wait(26);
    expect(await world.token()).toBeNull();
  });

  it("may refuse: then it is over, as for get-session", async () => {
    const world = await withHook({ before: async () => false });
    wait(4);
    expect(await world.token()).not.toBeNull();
    wait(1);
    expect(await world.token()).toBeNull();
    expect((await world.browser.request("/get-session")).status).toBe(401);
  });

  it("may answer with an error of their own", async () => {
    const before = async () => Promise.reject(new APIError("FORBIDDEN", { code: "CLOSED" }));
    const world = await withHook({ before: before as never });
    wait(5);
    const response = await world.browser.request("/convex/token");
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "CLOSED" });
  });

  it("that fail leave the session as it is", async () => {
    const world = await withHook({ before: async () => Promise.reject(new Error("a fault")) });
    wait(5);
    expect((await world.token())?.sessionExpiresAt).toBe(START.getTime() + 60 * SECOND);
  });

  it("see the renewed session once it is written", async () => {
    const seen: unknown[] = [];
    const world = await withHook({
      after: async (updated) => {
        seen.push([updated.expiresAt, ((await world.session()) ?? {})["expiresAt"]]);
      },
    });
    wait(5);
    await world.token();
    const end = Date.now() + 60 * SECOND;
    expect(seen).toEqual([[new Date(end), end]]);
  });
});

describe("where no cookie can be set", () => {
  it("a query neither renews nor tries to", async () => {
    const world = await createWorld({ session });
    const token = await world.token();
    wait(5);
    const auth = world.app.auth(world.app.harness.readOnlyStore());
    const headers = new Headers({ cookie: world.browser.cookieHeader() });
    const costs = await world.costsOf(async () => {
      expect(await auth.api.getConvexToken({ headers })).toMatchObject({ token: token?.token });
    });
    expect(costs).toEqual([read]);
    expect(await world.session()).toMatchObject({ expiresAt: START.getTime() + 60 * SECOND });
  });

  it.each([
    ["a session that is to end", { signUp: { rememberMe: false } }],
    ["one that is due", { session: { expiresIn: 7200, updateAge: 5 } }],
  ])("what a function asks for as its caller does not renew: %s", async (_name, given) => {
    const world = await createWorld(given);
    const row = await world.session();
    const identity = { subject: row?.["userId"], sessionId: row?.["id"], issuer: SITE };
    const ctx = {
      auth: { getUserIdentity: () => Promise.resolve(identity) },
      runQuery: (reference: never, args: never) =>
        world.app.harness.t.action((action) => action.runQuery(reference, args)),
    };
    const client = createClient(world.app.harness.component);
    process.env["BETTER_AUTH_SECRET"] = "a-secret-of-the-tests-with-enough-length-0001";
    const { auth, headers } = await client.getAuth(() => world.app.auth(), ctx as never);
    wait(3600);
    for (const sent of [headers, await client.getHeaders(ctx as never)]) {
      expect((await auth.api.getSession({ headers: sent }))?.session.id).toBe(row?.["id"]);
      expect(await auth.api.getConvexToken({ headers: sent })).toHaveProperty("token");
    }
    expect(await world.session()).toEqual(row);
  });
});

describe("with bearer()", () => {
  it("the renewal is the session's, and the header brings its token along as get-session's does", async () => {
    const world = await createWorld({ session, plugins: [bearer()] });
    const [row] = await world.app.rows("session");
    const headers = { authorization: `Bearer ${String(row?.["token"])}` };
    for (let second = 0; second < 120; second += 10) {
      wait(10);
      const response = await world.app.browser().request("/convex/token", { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get("set-auth-token")).toContain(String(row?.["token"]));
    }
  });
});

describe("an answer that renews", () => {
  it("has one JWT cookie, that of its token", async () => {
    const world = await createWorld({ session });
    wait(5);
    const answer = await world.token();
    const entries = answer?.response.headers.getSetCookie() ?? [];
    expect(entries.filter((entry) => entry.includes("convex_jwt="))).toHaveLength(1);
    expect(world.browser.cookie("convex_jwt")).toBe(answer?.token);
    expect(decode(answer?.token ?? "").claims["exp"]).toBe(Date.now() / SECOND + 60);
    expect(answer && cookiesOf(answer.response)).toEqual({ session_token: 60, convex_jwt: 60 });
  });
});
