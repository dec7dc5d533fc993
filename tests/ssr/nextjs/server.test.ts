/** Auth in the pages of a Next.js app. A fake: `headers()` of Next, which works inside its server only. */
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { createNextAuth } from "../../../js/nextjs/index.js";
import type { NextAuthOptions } from "../../../js/nextjs/index.js";
import { quiet } from "../support/quiet.js";
import { cookiesOf, tokenOf } from "../support/tokens.js";
import type { Upstream } from "../support/upstream.js";
import { json, startUpstream } from "../support/upstream.js";

let incoming = new Headers();
vi.mock("next/headers.js", () => ({ headers: () => Promise.resolve(incoming) }));

const TOKEN = "/api/auth/convex/token";
const list = makeFunctionReference<"query", { of: string }, { text: string; at: bigint }[]>(
  "todos:list",
);
const me = makeFunctionReference<"query", Record<string, never>, string | null>("users:me");
let upstream: Upstream;
let answer: { status: number; body: unknown };
const value = [{ text: "tea", at: { $integer: "AQAAAAAAAAA=" } }];

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.on("/api/query", (response) => json(response, answer.body, { status: answer.status }));
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  answer = { status: 200, body: { status: "success", value, logLines: [] } };
  const token = tokenOf(upstream.origin, 900);
  upstream.on(TOKEN, (response) => json(response, { token }));
  incoming = cookiesOf({ "better-auth.session_token": "t.s" });
});

const auth = (options: NextAuthOptions = {}) =>
  createNextAuth({
    convexUrl: upstream.origin,
    convexSiteUrl: upstream.origin,
    siteUrl: "http://localhost:3000",
    ...options,
  });
const asked = () => upstream.arrived.map(({ url }) => url);

describe("one request", () => {
  it("asks for one token, however many components want it, and for no renewal of the session", async () => {
    const { getState, getToken, isAuthenticated, fetchAuthQuery, preloadAuthQuery } = auth();
    await Promise.all([getState(), getToken(), isAuthenticated(), getToken()]);
    await Promise.all([fetchAuthQuery(list, { of: "ada" }), preloadAuthQuery(me)]);
    expect(asked()).toEqual([`${TOKEN}?disableRefresh=true`, "/api/query", "/api/query"]);
  });

  it("is nobody else's", async () => {
    const { getState } = auth();
    expect((await getState()).session).toBe("signedIn");
    incoming = new Headers();
    expect(await getState()).toEqual({ session: "signedOut", token: null });
  });

  it("names its visitor where the app knows him", async () => {
    const secret = "s".repeat(32);
    incoming.set("x-real-ip", "203.0.113.7");
    const options = { clientIp: (of: Headers) => of.get("x-real-ip"), proxy: { secret } };
    await auth(options).getState();
    const { handler } = auth(options);
    await handler.GET(new Request(`http://localhost:3000${TOKEN}`, { headers: incoming }));
    for (const { headers } of upstream.arrived)
      expect(headers["x-gate-client-ip"]).toMatch(/^203\.0\.113\.7\.\d+\.[0-9a-f]{64}$/);
    expect(asked()).toHaveLength(2);
  });
});

describe("the route", () => {
  const get = (path: string) =>
    auth({ basePath: "/app/api/auth" }).handler.GET(new Request(`http://localhost:3000${path}`));

  it.each(["/app/api/auth/ok", "/api/auth/ok", "/api/auth/ok/", "/app/api/auth/ok/?a=/"])(
    "below the app's basePath, which Next takes off, passes %s on",
    async (path) => {
      await get(path);
      expect(asked()).toEqual([`/app/api/auth/ok${path.includes("?") ? "?a=/" : ""}`]);
    },
  );

  it.each(["/ok", "/app/ok", "/api/authors/ok", "/x/api/auth/ok", "/api/auth/..%2f..%2fok"])(
    "passes %s not on",
    async (path) => {
      expect((await get(path)).status).toBe(404);
      expect(asked()).toEqual([]);
    },
  );
});

describe("preloadAuthQuery", () => {
  const asPage = (preloaded: object): unknown => JSON.parse(JSON.stringify(preloaded));

  it("holds the value, in Convex's JSON, and whose it is", async () => {
    const preloaded = await auth().preloadAuthQuery(list, { of: "ada" });
    const expected = { name: "todos:list", args: { of: "ada" }, session: "s1", value };
    expect(asPage(preloaded)).toEqual(expected);
  });

  it("holds none where nobody is signed in, without a request", async () => {
    incoming = new Headers();
    const preloaded = await auth().preloadAuthQuery(me);
    expect(asPage(preloaded)).toEqual({ name: "users:me", args: {}, session: null });
    expect(asked()).toEqual([]);
  });

  it("holds none where that is not known", async () => {
    quiet();
    upstream.on(TOKEN, (response) => json(response, {}, { status: 503 }));
    expect(await auth().preloadAuthQuery(me)).not.toHaveProperty("value");
    expect(asked()).toHaveLength(1);
  });

  it.each([
    ["the session ended meanwhile", 560, { code: "UNAUTHENTICATED" }],
    ["Convex gives no answer", 503, undefined],
  ])("holds none where %s", async (_, status, errorData) => {
    answer = { status, body: { status: "error", errorMessage: "no", errorData, logLines: [] } };
    const preloaded = await auth().preloadAuthQuery(me);
    expect(preloaded).toMatchObject({ name: "users:me", session: "s1" });
    expect(preloaded).not.toHaveProperty("value");
  });

  it("throws what the query throws", async () => {
    const errorData = { code: "NOT_YOURS" };
    answer = {
      status: 560,
      body: { status: "error", errorMessage: "no", errorData, logLines: [] },
    };
    await expect(auth().preloadAuthQuery(me)).rejects.toThrow(ConvexError);
  });

  it("wants the arguments that the query wants", () => {
    const { preloadAuthQuery } = auth();
    // @ts-expect-error `of` is missing.
    expectTypeOf(() => preloadAuthQuery(list)).toBeFunction();
    expectTypeOf(() => preloadAuthQuery(me)).toBeFunction();
  });
});

describe("variables", () => {
  it("need not be there when the app is built, and are named when they are needed", async () => {
    vi.stubEnv("SITE_URL", "");
    const { getState, handler } = createNextAuth({ convexUrl: undefined });
    for (const run of [getState, () => handler.GET(new Request("http://localhost/api/auth/ok"))])
      await expect(run()).rejects.toThrow(/NEXT_PUBLIC_CONVEX_URL/);
    vi.stubEnv("NEXT_PUBLIC_CONVEX_URL", upstream.origin);
    vi.stubEnv("NEXT_PUBLIC_CONVEX_SITE_URL", upstream.origin);
    await expect(getState()).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("SITE_URL") as string,
    });
    vi.stubEnv("SITE_URL", "http://localhost:3000");
    expect((await getState()).session).toBe("signedIn");
    vi.unstubAllEnvs();
  });
});
