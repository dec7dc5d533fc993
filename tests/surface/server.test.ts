/** `createClient` inside Convex functions, with the component installed by `convex-gate/test`. */
import { betterAuth } from "better-auth/minimal";
import {
  componentsGeneric,
  httpRouter,
  makeFunctionReference,
  mutationGeneric,
  queryGeneric,
} from "convex/server";
import type { GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createClient } from "../../js/server/index.js";
import type { AuthInstance, GenericCtx } from "../../js/server/index.js";
import { createSessionClient } from "../../js/session/index.js";
import { signInAs } from "../../js/test/index.js";
import { functionsApp } from "./support/functions-app.js";

const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
const client = createClient<GenericDataModel>(component);

const functions = {
  strict: queryGeneric({ args: {}, handler: (ctx) => client.getAuthUser(ctx) }),
  safe: queryGeneric({ args: {}, handler: (ctx) => client.safeGetAuthUser(ctx) }),
  byId: queryGeneric({
    args: { id: v.string() },
    handler: (ctx, { id }) => client.getAnyUserById(ctx, id),
  }),
  headers: queryGeneric({
    args: {},
    handler: async (ctx) => (await client.getHeaders(ctx)).get("cookie"),
  }),
  allHeaders: queryGeneric({
    args: {},
    handler: async (ctx) => [...(await client.getHeaders(ctx)).entries()],
  }),
  revoke: mutationGeneric({
    args: { id: v.string() },
    handler: (ctx, { id }) => client.revokeSession(ctx, id),
  }),
  revokeAll: mutationGeneric({
    args: { userId: v.string() },
    handler: (ctx, { userId }) => client.revokeUserSessions(ctx, userId),
  }),
  ...client.clientApi(),
};

function createApp() {
  const t = functionsApp(functions);
  return t;
}

const query = (name: keyof typeof functions) =>
  makeFunctionReference<"query", Record<string, unknown>>(`app:${name}`);
const mutation = (name: keyof typeof functions) =>
  makeFunctionReference<"mutation", Record<string, unknown>>(`app:${name}`);
let t: ReturnType<typeof createApp>;

beforeEach(() => {
  t = createApp();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("the signed-in user", () => {
  it("has `id` and `_id` alike, equal to the token's subject", async () => {
    const ada = await signInAs(t, { name: "Ada", email: "ada@example.com" });
    expect(await ada.t.query(query("strict"), {})).toMatchObject({
      _id: ada.userId,
      id: ada.userId,
      name: "Ada",
      email: "ada@example.com",
    });
    expect(await ada.t.query(query("getAuthUser"), {})).toMatchObject({ name: "Ada" });
  });

  it("is nobody without an identity: null, or an error with its code", async () => {
    expect(await t.query(query("safe"), {})).toBeNull();
    await expect(t.query(query("strict"), {})).rejects.toMatchObject({
      data: { code: "UNAUTHENTICATED" },
    });
  });

  it.each([
    ["an identity without a session, as the dashboard's", {}],
    ["a session id that is no text", { sessionId: 5 }],
    ["a session that does not exist", { sessionId: "gone" }],
  ])("is nobody for %s", async (_name, claims) => {
    const ada = await signInAs(t);
    const other = t.withIdentity({ subject: ada.userId, ...claims });
    expect(await other.query(query("safe"), {})).toBeNull();
  });

  it("is nobody for somebody else's session", async () => {
    const ada = await signInAs(t);
    const bob = await signInAs(t);
    const mixed = t.withIdentity({ subject: ada.userId, sessionId: bob.sessionId });
    expect(await mixed.query(query("safe"), {})).toBeNull();
  });

  it("is nobody once the session is revoked, one or all of a user's", async () => {
    const ada = await signInAs(t);
    expect(await t.mutation(mutation("revoke"), { id: ada.sessionId })).toBe(true);
    expect(await t.mutation(mutation("revoke"), { id: ada.sessionId })).toBe(false);
    expect(await ada.t.query(query("safe"), {})).toBeNull();
    const bob = await signInAs(t);
    expect(await t.mutation(mutation("revokeAll"), { userId: bob.userId })).toBe(1);
    expect(await bob.t.query(query("safe"), {})).toBeNull();
  });

  it("is nobody for a token of another issuer, whatever it claims", async () => {
    vi.spyOn(console, "warn").mockReturnValue(undefined);
    vi.stubEnv("CONVEX_SITE_URL", "https://happy-animal-1.convex.site");
    const ada = await signInAs(t);
    expect(await ada.t.query(query("safe"), {})).not.toBeNull();
    const claims = { subject: ada.userId, sessionId: ada.sessionId };
    for (const issuer of [
      "https://accounts.example.com",
      "https://happy-animal-1.convex.site.example.com",
      "https://happy-animal-1.convex.sit",
      "https://happy-animal-1.convex.cloud",
      "",
    ]) {
      const forged = t.withIdentity({ ...claims, issuer });
      expect(await forged.query(query("safe"), {})).toBeNull();
      expect(await forged.query(query("getAuthUser"), {})).toBeNull();
      await expect(forged.query(query("strict"), {})).rejects.toThrow("UNAUTHENTICATED");
    }
    const slash = { ...claims, issuer: "https://happy-animal-1.convex.site/" };
    expect(await t.withIdentity(slash).query(query("safe"), {})).not.toBeNull();
  });

  it("is known by the issuer that the app configured", async () => {
    vi.stubEnv("CONVEX_SITE_URL", "https://happy-animal-1.convex.site");
    const own = "https://auth.example.com";
    const users = await signInAs(t);
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    const ask = (issuer: string) => {
      const identity = { subject: users.userId, sessionId: users.sessionId, issuer };
      return t.action(async (ctx) => {
        const signedIn = { ...ctx, auth: { getUserIdentity: () => Promise.resolve(identity) } };
        return [
          await createClient(component, { issuer: own }).safeGetAuthUser(signedIn as never),
          await createSessionClient(component, { issuer: own }).safeGetAuthUser(signedIn as never),
        ].map((user) => user?.id ?? null);
      });
    };
    expect(await ask(own)).toEqual([users.userId, users.userId]);
    expect(warn).not.toHaveBeenCalled();
    expect(await ask("https://happy-animal-1.convex.site")).toEqual([null, null]);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("happy-animal-1"));
  });

  it("can be found by id", async () => {
    const ada = await signInAs(t, { name: "Ada" });
    expect(await t.query(query("byId"), { id: ada.userId })).toMatchObject({ name: "Ada" });
    expect(await t.query(query("byId"), { id: "nobody" })).toBeNull();
  });
});

describe("getHeaders", () => {
  it("signs the session's token, and names the variable when the secret is missing", async () => {
    const ada = await signInAs(t);
    vi.stubEnv("BETTER_AUTH_SECRET", "a-secret-of-more-than-thirty-two-characters");
    expect(await ada.t.query(query("headers"), {})).toMatch(
      /^better-auth\.session_token=[^;]+%3D; __Secure-better-auth\.session_token=/,
    );
    expect(await t.query(query("headers"), {})).toBeNull();
    vi.stubEnv("BETTER_AUTH_SECRET", "");
    vi.stubEnv("AUTH_SECRET", "");
    await expect(ada.t.query(query("headers"), {})).rejects.toThrow("BETTER_AUTH_SECRET");
  });

  it("tells the address and the browser of the session, where it has them", async () => {
    vi.stubEnv("BETTER_AUTH_SECRET", "a-secret-of-more-than-thirty-two-characters");
    const ada = await signInAs(t);
    const headers = async () =>
      Object.fromEntries((await ada.t.query(query("allHeaders"), {})) as [string, string][]);
    expect(Object.keys(await headers())).toEqual(["cookie"]);
    const set = (update: object) =>
      t.run((ctx) =>
        ctx.runMutation(component.adapter.update, {
          model: "session",
          where: [{ field: "id", value: ada.sessionId }],
          update,
        }),
      );
    await set({ ipAddress: "203.0.113.7", userAgent: "Browser/1.0 (ü)" });
    expect(await headers()).toMatchObject({
      "x-forwarded-for": "203.0.113.7",
      "user-agent": "Browser/1.0 (ü)",
    });
    // Rows may hold what no header may.
    await set({ ipAddress: "203.0.113.7\r\nx-admin: 1", userAgent: 5 });
    expect(Object.keys(await headers())).toEqual(["cookie"]);
  });
});

describe("signInAs", () => {
  const settings = { theme: "dark", tabs: [1, 2] };

  it("stores what a sign-up would: dates as ms, JSON as text, addresses in small letters", async () => {
    const ada = await signInAs(t, {
      email: "Ada@Example.com",
      settings,
      pages: [{ title: "One" }],
      tags: ["a", "b"],
      birthday: new Date(0),
      nothing: undefined,
    });
    const where = [{ field: "id", value: ada.userId }];
    const row: unknown = await t.run((ctx) =>
      ctx.runQuery(component.adapter.findOne, { model: "user", where }),
    );
    expect(row).toMatchObject({
      email: "ada@example.com",
      settings: JSON.stringify(settings),
      pages: JSON.stringify([{ title: "One" }]),
      tags: ["a", "b"],
      birthday: 0,
    });
    expect(await ada.t.query(query("strict"), {})).toMatchObject({
      settings,
      pages: [{ title: "One" }],
      tags: ["a", "b"],
      birthday: 0,
    });
  });

  it("signs in by the issuer that the app configured", async () => {
    vi.spyOn(console, "warn").mockReturnValue(undefined);
    vi.stubEnv("CONVEX_SITE_URL", "https://happy-animal-1.convex.site");
    const issuer = "https://auth.example.com";
    const own = createClient(component, { issuer });
    const me = queryGeneric({ args: {}, handler: (ctx) => own.safeGetAuthUser(ctx) });
    const app = functionsApp({ me });
    const ask = makeFunctionReference<"query">("app:me");
    for (const given of [{ issuer }, { issuer, component: "betterAuth" }]) {
      const ada = await signInAs(app, { name: "Ada" }, given);
      expect(await ada.t.query(ask, {})).toMatchObject({ name: "Ada" });
    }
    for (const given of ["betterAuth", {}, undefined]) {
      const ada = await signInAs(app, { name: "Ada" }, given);
      expect(await ada.t.query(ask, {})).toBeNull();
    }
  });

  it("stores fields by the names that the app gave them", async () => {
    const fields = { email: "mail", name: "fullName", settings: "settings_text" };
    const ada = await signInAs(t, { email: "Ada@example.com", name: "Ada", settings }, { fields });
    const where = [{ field: "mail", value: "ada@example.com" }];
    const row: unknown = await t.run((ctx) =>
      ctx.runQuery(component.adapter.findOne, { model: "user", where }),
    );
    expect(row).toMatchObject({ id: ada.userId, fullName: "Ada" });
    expect(row).not.toHaveProperty("email");
    const user = await ada.t.query(query("strict"), {});
    expect(user).toMatchObject({ email: "ada@example.com", name: "Ada", settings });
    expect(user).not.toHaveProperty("mail");
    // Better Auth itself says the same of the row.
    const found = await t.action(async (ctx) => {
      const { adapter } = await betterAuth({
        secret: "a-secret-of-the-tests-with-enough-length-0001",
        baseURL: "https://happy-animal-1.convex.site",
        user: {
          fields: { email: "mail", name: "fullName" },
          additionalFields: {
            settings: { type: "json", required: false, fieldName: "settings_text" },
          },
        },
        database: client.adapter(ctx as never),
      }).$context;
      const rows = await adapter.findMany({
        model: "user",
        where: [{ ...where[0], field: "email" } as never],
      });
      return JSON.stringify(rows);
    });
    expect(JSON.parse(found)).toMatchObject([
      { id: ada.userId, email: "ada@example.com", settings },
    ]);
    const again = signInAs(t, { email: "ada@example.com" }, { fields });
    await expect(again).rejects.toThrow("UNIQUE_CONSTRAINT");
  });

  it("gives an identity with the app's own claims", async () => {
    const who = queryGeneric({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
    const app = functionsApp({ who });
    const claims = { plan: "free", email: "ada@example.com", subject: "nobody" };
    const ada = await signInAs(app, {}, { claims });
    expect(await ada.t.query(makeFunctionReference<"query">("app:who"), {})).toMatchObject({
      plan: "free",
      email: "ada@example.com",
      subject: ada.userId,
      sessionId: ada.sessionId,
    });
  });

  it("refuses what is taken, as the component does", async () => {
    await signInAs(t, { id: "ada", email: "ada@example.com", username: "ada" });
    for (const taken of [{ email: "ADA@example.com" }, { username: "ada" }, { id: "ada" }])
      await expect(signInAs(t, taken)).rejects.toThrow("UNIQUE_CONSTRAINT");
    await expect(signInAs(t, { at: new Date(Number.NaN) })).rejects.toThrow("`at`");
    await signInAs(t, { id: "bob" });
  });
});

describe("routes", () => {
  const context = {
    options: { basePath: "/api/auth" },
    trustedOrigins: ["https://app.example.com"],
    secret: "",
    authCookies: { sessionToken: { name: "" }, dontRememberToken: { name: "" } },
    isTrustedOrigin(this: { trustedOrigins: string[] }, url: string) {
      return this.trustedOrigins.includes(url);
    },
  };
  const createAuth = (answer: Response, basePath = "/api/auth") =>
    vi.fn((_ctx: GenericCtx): AuthInstance => ({
      handler: () => Promise.resolve(answer),
      $context: Promise.resolve({ ...context, options: { basePath } }),
    }));
  type Route = { invokeHttpAction: (request: Request) => Promise<Response> };
  const routed = (
    http: ReturnType<typeof httpRouter>,
    path: string,
    method: "GET" | "OPTIONS",
  ): Route => http.lookup(path, method)?.[0] as unknown as Route;

  it("build nothing until a request arrives", () => {
    const make = createAuth(new Response());
    const http = httpRouter();
    client.registerRoutes(http, make, { cors: true });
    expect(make).not.toHaveBeenCalled();
    expect(http.getRoutes().map(([path, method]) => `${method} ${path}`)).toEqual([
      "GET /.well-known/oauth-authorization-server",
      "GET /.well-known/oauth-protected-resource",
      "GET /.well-known/openid-configuration",
      "DELETE /api/auth/*",
      "GET /.well-known/oauth-authorization-server/*",
      "GET /.well-known/oauth-protected-resource/*",
      "GET /api/auth/*",
      "OPTIONS /api/auth/*",
      "PATCH /api/auth/*",
      "POST /api/auth/*",
      "PUT /api/auth/*",
    ]);
  });

  it("trust exactly the app's origins, and keep several cookies apart", async () => {
    const answer = new Response("ok");
    answer.headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT");
    answer.headers.append("set-cookie", "b=2");
    const http = httpRouter();
    client.registerRoutes(http, createAuth(answer), {
      cors: { allowedOrigins: ["https://b.example.com"] },
    });
    const route = routed(http, "/api/auth/ok", "GET");
    const ask = (origin: string): Promise<Response> =>
      route.invokeHttpAction(
        new Request("https://x.convex.site/api/auth/ok", { headers: { origin } }),
      );
    for (const origin of ["https://app.example.com", "https://b.example.com"]) {
      const { headers } = await ask(origin);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("vary")).toContain("Origin");
      expect(headers.getSetCookie()).toHaveLength(2);
    }
    const foreign = await ask("https://app.example.com.evil.example");
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("say it when Better Auth believes to live elsewhere", async () => {
    const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const http = httpRouter();
    client.registerRoutes(http, createAuth(new Response(), "/auth"));
    const response = await routed(http, "/api/auth/ok", "GET").invokeHttpAction(
      new Request("https://x.convex.site/api/auth/ok"),
    );
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining('basePath: "/auth"') as string,
    });
    expect(quiet).toHaveBeenCalledTimes(1);
  });

  it.each(["/a b", "/a?b", "https://x.convex.site/auth"])("refuse the base path %j", (basePath) => {
    expect(() =>
      client.registerRoutes(httpRouter(), createAuth(new Response()), { basePath }),
    ).toThrow("basePath");
  });

  it("leave the root's discovery document to an app that has one", () => {
    const http = httpRouter();
    client.registerRoutes(http, createAuth(new Response()));
    expect(() =>
      client.registerRoutes(http, createAuth(new Response()), { basePath: "/other" }),
    ).not.toThrow();
  });
});
