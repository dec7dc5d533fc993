import { createAuthMiddleware } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../../js/plugins/index.js";
import { createApp, PASSWORD, SITE } from "../support/app.js";
import { API, FRONTEND, OTHER_FRONTEND, signedIn, signUp, tabOf, twoOriginApp } from "./support.js";

describe("a tab's cookies", () => {
  it("carry a session from sign-up to sign-out, and the browser keeps none for the deployment", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const response = await tab.request("/sign-up/email", {
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
    });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get("access-control-expose-headers")).toMatch(
      /set-better-auth-cookie/i,
    );
    expect(await signedIn(tab)).toBe("a@example.com");
    expect((await tab.request("/convex/token")).status).toBe(200);
    await tab.request("/sign-out", { body: {} });
    expect(tab.cookies()).toEqual({});
    expect(await signedIn(tab)).toBeNull();
  });

  it("hold no JWT: no server reads them", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    await signUp(tab);
    await tab.request("/convex/token");
    expect(Object.keys(tab.cookies()).some((name) => name.includes("convex_jwt"))).toBe(false);
  });

  it("take the place of those that the browser has for the deployment", async () => {
    const app = twoOriginApp();
    const browser = app.browser();
    await browser.signUp("host@example.com");
    const read = (jar: string) =>
      browser.request("/get-session", {
        headers: { "better-auth-cookie": jar, origin: FRONTEND },
      });
    expect(await (await read("")).json()).toBeNull();
    expect((await read("")).headers.get("set-better-auth-cookie")).toBeNull();
    // Without the header the request is the browser's own.
    expect(await (await browser.request("/get-session")).json()).toMatchObject({
      user: { email: "host@example.com" },
    });
  });

  it("are what every hook, request and database hook sees, wherever crossDomain() stands", async () => {
    const seen: Record<string, unknown>[] = [];
    const watch: BetterAuthPlugin = {
      id: "watch",
      onRequest: async (request) => {
        seen.push({ at: "onRequest", cookie: request.headers.get("cookie") });
        return undefined;
      },
      onResponse: async (response) => {
        const headers = new Headers(response.headers);
        headers.set("x-watched", "1");
        seen.push({ at: "onResponse", cookies: response.headers.getSetCookie().length });
        return { response: new Response(response.body, { status: response.status, headers }) };
      },
    };
    for (const place of ["before", "after"] as const) {
      const app = createApp({
        plugins:
          place === "before"
            ? [watch, crossDomain({ siteUrl: FRONTEND })]
            : [crossDomain({ siteUrl: FRONTEND }), watch],
        options: {
          hooks: {
            before: createAuthMiddleware(async (ctx) => {
              const cookie = await ctx.getSignedCookie(
                ctx.context.authCookies.sessionToken.name,
                ctx.context.secret,
              );
              seen.push({
                at: "before",
                session: Boolean(cookie),
                request: ctx.request?.headers.get("cookie") ?? null,
                own: ctx.request?.headers.has("better-auth-cookie"),
              });
            }),
          },
        },
      });
      const tab = tabOf(app);
      await signUp(tab, `${place}@example.com`);
      seen.length = 0;
      const answer = await tab.request("/update-user", { body: { name: "B" } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-watched")).toBe("1");
      const cookie = expect.stringContaining("session_token=");
      expect(seen).toEqual([
        { at: "onRequest", cookie },
        { at: "before", session: true, request: cookie, own: false },
        { at: "onResponse", cookies: expect.any(Number) },
      ]);
      await tab.request("/sign-out", { body: {} });
      expect(tab.cookies(), place).toEqual({});
    }
  });

  it.each(["before", "after"])(
    "are in what a plugin %s crossDomain() answers itself",
    async (place) => {
      const early: BetterAuthPlugin = {
        id: "early",
        onRequest: async ({ url }) => {
          if (!url.endsWith("/early")) return undefined;
          const headers = { location: "/there", "set-cookie": "a=b; Path=/; HttpOnly" };
          return { response: new Response(null, { status: 302, headers }) };
        },
      };
      const ours = crossDomain({ siteUrl: FRONTEND });
      const app = createApp({ plugins: place === "before" ? [early, ours] : [ours, early] });
      const tab = tabOf(app);
      const answer = await tab.request("/early");
      expect(await answer.json()).toEqual({ url: "/there", redirect: false });
      expect(answer.headers.getSetCookie()).toEqual([]);
      const { headers } = await app.browser().request("/early");
      expect(headers.getSetCookie()).toHaveLength(1);
    },
  );

  it("plugins that two instances share are enclosed once, and are as before without crossDomain()", async () => {
    let calls = 0;
    const shared: BetterAuthPlugin = {
      id: "shared",
      onRequest: async () => void (calls += 1),
    };
    for (let i = 0; i < 3; i += 1) {
      const app = twoOriginApp({ plugins: [shared] });
      await tabOf(app).request("/ok");
    }
    await createApp({ plugins: [shared] })
      .browser()
      .request("/ok");
    expect(calls).toBe(4);
  });

  it("a guard in hooks.before sees the session", async () => {
    const app = twoOriginApp({
      options: {
        hooks: {
          before: createAuthMiddleware(async (ctx) => {
            if (ctx.path !== "/update-user") return;
            const token = await ctx.getSignedCookie(
              ctx.context.authCookies.sessionToken.name,
              ctx.context.secret,
            );
            if (token) throw ctx.error("FORBIDDEN", { message: "banned" });
          }),
        },
      },
    });
    const tab = tabOf(app);
    await signUp(tab);
    expect((await tab.request("/update-user", { body: { name: "B" } })).status).toBe(403);
  });

  it.each(["", "?callbackURL=/x"])("come with bodies of any type, %j", async (query) => {
    const app = twoOriginApp();
    await signUp(tabOf(app));
    for (const body of [
      new URLSearchParams({ email: "a@example.com", password: PASSWORD }),
      JSON.stringify({ email: "a@example.com", password: PASSWORD }),
    ]) {
      const headers: Record<string, string> = { "better-auth-cookie": "", origin: FRONTEND };
      if (typeof body === "string") headers["content-type"] = "application/json";
      const answer = await app.auth.handler(
        new Request(`${API}/sign-in/email${query}`, { method: "POST", headers, body }),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers.get("set-better-auth-cookie")).toContain("session_token");
    }
  });

  it.each([{}, { "content-type": "application/json" }])(
    "come without a body, with the headers %j",
    async (type) => {
      const app = twoOriginApp();
      const headers = { "better-auth-cookie": "", origin: FRONTEND, ...type };
      const answer = await app.auth.handler(
        new Request(`${API}/sign-out`, { method: "POST", headers }),
      );
      expect(answer.status).toBe(200);
    },
  );

  it("come without an origin from a native app", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    await signUp(tab);
    const jar = Object.entries(tab.cookies())
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
    const answer = await app.auth.handler(
      new Request(`${API}/update-user`, {
        method: "POST",
        headers: { "better-auth-cookie": jar, "content-type": "application/json" },
        body: JSON.stringify({ name: "N" }),
      }),
    );
    expect(answer.status).toBe(200);
  });
});

describe("requests without the header", () => {
  it("are left alone", async () => {
    const app = twoOriginApp();
    const browser = app.browser();
    const response = await browser.signUp("a@example.com");
    expect(response.headers.has("set-better-auth-cookie")).toBe(false);
    expect(browser.cookie("convex_jwt")).toBeDefined();
    const answer = await browser.request("/sign-in/social", {
      body: { provider: "github", callbackURL: "/inside" },
      headers: { origin: SITE },
    });
    const { url } = (await answer.json()) as { url: string };
    expect(new URL(url).host).toBe("github.com");
    expect(JSON.stringify(app.tables["verification"])).not.toContain(FRONTEND);
  });
});

describe("addresses", () => {
  const fields = [
    "callbackURL",
    "newUserCallbackURL",
    "errorCallbackURL",
    "redirectTo",
    "cancelUrl",
    "returnUrl",
    "successUrl",
  ];

  async function seenBy(origin: string, body: Record<string, unknown>, query = "") {
    let seen: unknown;
    const app = twoOriginApp({
      siteUrl: [FRONTEND, OTHER_FRONTEND],
      options: {
        hooks: {
          before: createAuthMiddleware(async (ctx) => {
            seen = ctx.request?.method === "GET" ? ctx.query : ctx.body;
          }),
        },
      },
    });
    const tab = tabOf(app, origin);
    if (query === "") await tab.request("/sign-in/magic-link", { body });
    else await tab.request(`/list-sessions?${query}`);
    return seen as Record<string, unknown>;
  }

  it.each([FRONTEND, OTHER_FRONTEND])(
    "relative ones mean pages of the tab's own origin, %s",
    async (origin) => {
      const body = Object.fromEntries(fields.map((name) => [name, "/page?x=1#y"]));
      const seen = await seenBy(origin, { email: "m@example.com", ...body });
      for (const name of fields) expect(seen[name], name).toBe(`${origin}/page?x=1#y`);
      const query = new URLSearchParams(body).toString();
      const inQuery = await seenBy(origin, {}, query);
      for (const name of fields) expect(inQuery[name], name).toBe(`${origin}/page?x=1#y`);
    },
  );

  it("data stay as they are, and what is no path is left to Better Auth", async () => {
    const body = {
      email: "m@example.com",
      image: "/me.png",
      websiteUrl: "/mine",
      metadata: { callbackURL: "/deep" },
    };
    expect(await seenBy(FRONTEND, body)).toMatchObject(body);
    for (const value of ["//evil.example/", "/\\evil.example/"])
      expect(
        await seenBy(FRONTEND, { email: "m@example.com", callbackURL: value }),
      ).toBeUndefined();
  });

  it("a device's relative page is one of the first frontend", async () => {
    const app = twoOriginApp({
      siteUrl: [FRONTEND, OTHER_FRONTEND],
      plugins: [deviceAuthorization({ verificationUri: "/device?lang=en" })],
    });
    app.tables["deviceCode"] = [];
    const device = await app.browser().request("/device/code", { body: { client_id: "tv" } });
    const { verification_uri, verification_uri_complete, user_code } =
      (await device.json()) as Record<string, string>;
    expect(verification_uri).toBe(`${FRONTEND}/device?lang=en`);
    expect(verification_uri_complete).toBe(`${FRONTEND}/device?lang=en&user_code=${user_code}`);
  });
});

describe("options", () => {
  it("every frontend is a trusted origin, others are not", async () => {
    const app = twoOriginApp({ siteUrl: [FRONTEND, OTHER_FRONTEND] });
    const context = await app.auth.$context;
    expect([FRONTEND, OTHER_FRONTEND].map((each) => context.isTrustedOrigin(each))).toEqual([
      true,
      true,
    ]);
    const stranger = tabOf(app, "https://evil.example");
    const body = { email: "a@example.com", password: PASSWORD, name: "A" };
    expect((await stranger.request("/sign-up/email", { body })).status).toBe(403);
  });

  it("siteUrl is the variable SITE_URL by default", async () => {
    vi.stubEnv("SITE_URL", FRONTEND);
    const plugin = crossDomain();
    vi.unstubAllEnvs();
    const { auth } = createApp({ plugins: [plugin] });
    expect((await auth.$context).isTrustedOrigin(FRONTEND)).toBe(true);
  });

  it.each([
    [undefined, "ENV_MISSING"],
    ["", "ENV_MISSING"],
    [[], "ENV_MISSING"],
    [[FRONTEND, undefined], "ENV_MISSING"],
    ["localhost:5173", "INVALID_OPTION"],
    ["/", "INVALID_OPTION"],
    [[FRONTEND, "myapp://"], "INVALID_OPTION"],
  ])("siteUrl %j is refused with %s", (siteUrl, code) => {
    expect(() => crossDomain({ siteUrl: siteUrl as string })).toThrowError(
      expect.objectContaining({ code }),
    );
  });
});
