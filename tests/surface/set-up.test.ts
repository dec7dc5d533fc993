/** Mistakes in how an app is set up: each is answered with its code and a remedy that works, where a browser can read it. */
import type { BetterAuthOptions } from "better-auth";
import { BetterAuthError } from "better-auth";
import { captcha } from "better-auth/plugins/captcha";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../js/plugins/index.js";
import type { HttpAppOptions } from "./support/http-app.js";
import { createHttpApp, ORIGIN, SECRET, signUp, SITE } from "./support/http-app.js";

let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((...said: unknown[]) => {
    logged.push(said.map(String).join(" "));
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The refusal that a browser at `origin` can read; its preflight was let through and is not remembered. */
async function refusal(given: HttpAppOptions, origin = ORIGIN) {
  const { ask } = createHttpApp(given);
  const preflight = await ask("/api/auth/get-session", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "GET" },
  });
  const answer = await ask("/api/auth/get-session", { headers: { origin } });
  expect([preflight.status, answer.status]).toEqual([204, 500]);
  for (const { headers } of [preflight, answer]) {
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-credentials")).toBe("true");
  }
  const { code, message } = (await answer.json()) as { code: string; message: string };
  expect(logged).toContain(`[convex-gate] ${code}: ${message}`);
  return { code, message };
}

/** A deployment that knows of no frontend. */
const ALONE = { env: { SITE_URL: undefined } } satisfies HttpAppOptions;

/** The value that a message says to set a variable to. */
const advisedValue = (message: string, variable: string): string =>
  new RegExp(`npx convex env set ${variable} (\\S+?)\``).exec(message)?.[1] ?? "";

describe("a secret", () => {
  it.each<[string, HttpAppOptions, string]>([
    ["that is missing", { env: { BETTER_AUTH_SECRET: undefined } }, "ENV_MISSING"],
    ["that is empty", { env: { BETTER_AUTH_SECRET: "" } }, "ENV_MISSING"],
    ["that is blank", { env: { BETTER_AUTH_SECRET: "  " } }, "SECRET_INSECURE"],
    [
      "that is Better Auth's own",
      { env: { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" } },
      "SECRET_INSECURE",
    ],
    [
      "of the documentation",
      { env: { AUTH_SECRET: "your-secret", BETTER_AUTH_SECRET: "" } },
      "SECRET_INSECURE",
    ],
    [
      "given as an option",
      { options: { secret: "better-auth-secret-12345678901234567890" } },
      "SECRET_INSECURE",
    ],
    [
      "of an earlier version",
      { env: { BETTER_AUTH_SECRETS: `2:${SECRET},1:better-auth-secret-12345678901234567890` } },
      "SECRET_INSECURE",
    ],
    [
      "that is the only one from before versions",
      { env: { BETTER_AUTH_SECRETS: `1:${SECRET}`, BETTER_AUTH_SECRET: "your-secret" } },
      "SECRET_INSECURE",
    ],
  ])("%s is refused, with the command that sets one", async (_, given, code) => {
    const refused = await refusal(given);
    expect(refused.code).toBe(code);
    expect(refused.message).toMatch(
      /`npx convex env set BETTER_AUTH_SECRET(S "version:secret"| "\$\(openssl rand -base64 32\)")`/,
    );
    expect(refused.message).not.toContain("12345678901234567890");
  });

  it("is refused in functions as well", async () => {
    const { auth } = createHttpApp({ env: { BETTER_AUTH_SECRET: "" } });
    const ctx = { runQuery: () => Promise.resolve(null), auth: {} } as never;
    const { api } = auth(ctx) as { api: { getSession: (input: object) => Promise<unknown> } };
    await expect(api.getSession({ headers: new Headers() })).rejects.toMatchObject({
      name: "GateError",
      code: "ENV_MISSING",
    });
  });

  it("that Better Auth refuses itself, in production, has the same code", async () => {
    // Better Auth asks for NODE_ENV once, when it is loaded; so its error comes from here.
    const options = {
      get secret(): string {
        throw new BetterAuthError(
          "You are using the default secret. Please set `BETTER_AUTH_SECRET`",
        );
      },
    };
    const { code, message } = await refusal({ options });
    expect([code, message]).toEqual(["ENV_MISSING", expect.stringContaining("openssl rand")]);
  });

  it("that is set as advised is taken", async () => {
    const { ask } = createHttpApp({ env: { BETTER_AUTH_SECRET: btoa("0".repeat(32)) } });
    expect((await signUp(ask)).status).toBe(200);
  });
});

describe("the base URL", () => {
  /** Where the link of a mail leads that a stranger asked for. */
  async function mailedLink(given: HttpAppOptions): Promise<URL> {
    let sent = "";
    const { ask } = createHttpApp({
      ...given,
      options: {
        ...given.options,
        emailAndPassword: {
          enabled: true,
          sendResetPassword: ({ url }) => {
            sent = url;
            return Promise.resolve();
          },
        },
      },
    });
    await signUp(ask);
    const { status } = await ask("/api/auth/request-password-reset", {
      method: "POST",
      host: "evil.example",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "ada@example.com" }),
    });
    expect(status).toBe(200);
    return new URL(sent);
  }

  it.each<[string, HttpAppOptions, string]>([
    ["is the app's by default, which is SITE_URL", {}, ORIGIN],
    ["is its origin alone", { env: { SITE_URL: `${ORIGIN}/welcome/` } }, ORIGIN],
    ["is the deployment's without SITE_URL, as in native apps", ALONE, SITE],
    [
      "is the deployment's with crossDomain()",
      { options: { plugins: [crossDomain({ siteUrl: ORIGIN })] } },
      SITE,
    ],
    ["is BETTER_AUTH_URL before that", { env: { BETTER_AUTH_URL: ORIGIN } }, ORIGIN],
    ["is any other variable of Better Auth", { env: { NUXT_PUBLIC_AUTH_URL: ORIGIN } }, ORIGIN],
    [
      "is the option before all",
      {
        env: { BETTER_AUTH_URL: "https://other.example.com" },
        options: { baseURL: ORIGIN },
      },
      ORIGIN,
    ],
  ])("%s, whatever host a request names", async (_, given, expected) => {
    expect((await mailedLink(given)).origin).toBe(expected);
  });

  it("is without the path below which a self-hosted backend serves HTTP actions", async () => {
    // Convex's guide for Fly.io; the backend takes the path off before an action sees the request.
    const env = { ...ALONE.env, CONVEX_SITE_URL: "https://app.fly.dev/http" };
    const { ask } = createHttpApp({ env });
    const answer = await signUp(ask);
    expect([answer.status, answer.headers.getSetCookie().join()]).toEqual([
      200,
      expect.stringContaining("__Secure-better-auth.convex_jwt="),
    ]);
    expect((await mailedLink({ env })).origin).toBe("https://app.fly.dev");
    const discovery = await ask("/api/auth/convex/.well-known/openid-configuration");
    expect(await discovery.json()).toMatchObject({
      issuer: "https://app.fly.dev/http",
      jwks_uri: "https://app.fly.dev/http/api/auth/convex/jwks",
    });
    const { message } = await refusal({ env: { ...env, BETTER_AUTH_URL: "app.fly.dev" } });
    const BETTER_AUTH_URL = advisedValue(message, "BETTER_AUTH_URL");
    expect((await signUp(createHttpApp({ env: { ...env, BETTER_AUTH_URL } }).ask)).status).toBe(
      200,
    );
  });

  it.each(["app.fly.dev", "localhost:3211"])(
    "is never the request's, not even where CONVEX_SITE_URL is no URL: %s",
    async (CONVEX_SITE_URL) => {
      const { ask } = createHttpApp({ env: { ...ALONE.env, CONVEX_SITE_URL } });
      expect((await signUp(ask, "/api/auth", { host: "evil.example" })).status).toBe(500);
    },
  );

  it("makes cookies secure on https, also with allowed hosts", async () => {
    const hosts = { allowedHosts: [new URL(SITE).host], fallback: SITE };
    for (const options of [{}, { baseURL: hosts }] satisfies BetterAuthOptions[]) {
      const { headers } = await signUp(createHttpApp({ options }).ask);
      expect(headers.getSetCookie().join()).toMatch(
        /^__Secure-better-auth\.session_token=.*Secure/,
      );
    }
  });

  it.each(["localhost:3000", "happy-animal-1.convex.site", "ftp://x.example.com"])(
    "that is %s is refused, and the advised one works",
    async (BETTER_AUTH_URL) => {
      const { code, message } = await refusal({ env: { BETTER_AUTH_URL } });
      expect(code).toBe("INVALID_OPTION");
      const advised = advisedValue(message, "BETTER_AUTH_URL");
      expect(advised).toBe(SITE);
      const { ask } = createHttpApp({ env: { BETTER_AUTH_URL: advised } });
      expect((await signUp(ask)).status).toBe(200);
    },
  );

  it("with hosts that do not hold the deployment's is refused, and works as advised", async () => {
    const allowedHosts = ["app.example.com"];
    const { code, message } = await refusal({ options: { baseURL: { allowedHosts } } });
    expect(code).toBe("INVALID_OPTION");
    const [, own = ""] = /own is "([^"]+)"/.exec(message) ?? [];
    const [, fallback = ""] = /fallback: "([^"]+)"/.exec(message) ?? [];
    for (const baseURL of [{ allowedHosts: [...allowedHosts, own] }, { allowedHosts, fallback }])
      expect((await signUp(createHttpApp({ options: { baseURL } }).ask)).status).toBe(200);
  });
});

describe("SITE_URL", () => {
  const given = (SITE_URL: string | undefined, crossed = false): HttpAppOptions => ({
    env: { SITE_URL },
    options: {
      get trustedOrigins() {
        return crossed ? [] : [process.env["SITE_URL"] ?? ""];
      },
      get plugins() {
        return crossed ? [crossDomain({ siteUrl: process.env["SITE_URL"] as string })] : [];
      },
    },
  });

  it.each(["https://app.example.com/", "https://app.example.com/welcome"])(
    "that is %s counts as its origin",
    async (SITE_URL) => {
      const { ask } = createHttpApp({ env: { SITE_URL }, options: { trustedOrigins: [] } });
      const { status, headers } = await signUp(ask);
      expect([status, headers.get("access-control-allow-origin")]).toEqual([200, ORIGIN]);
    },
  );

  it.each([
    "app.example.com",
    "app.example.com/welcome",
    "https://app.example.com,https://admin.example.com",
    "https://app.example.com/, https://admin.example.com/",
    " https://app.example.com https://admin.example.com",
  ])("that is %s is refused, and the advised one works", async (wrong) => {
    const { code, message } = await refusal(given(wrong));
    expect(code).toBe("INVALID_OPTION");
    expect(advisedValue(message, "SITE_URL")).toBe(ORIGIN);
    const { ask } = createHttpApp(given(advisedValue(message, "SITE_URL")));
    expect((await signUp(ask)).headers.get("access-control-allow-origin")).toBe(ORIGIN);
  });

  it.each([
    ["localhost:5173", "http://localhost:5173"],
    ["myapp://", "https://app.example.com"],
    ["not a url", "https://not"],
  ])("that is %s is no address of a page: %s is advised", async (wrong, advised) => {
    const { message } = await refusal(given(wrong), "http://localhost:5173");
    expect(advisedValue(message, "SITE_URL")).toBe(advised);
  });

  it("is trusted beside another base URL, and what is none is left out there", async () => {
    const trusts = async (
      SITE_URL: string,
      options: BetterAuthOptions,
      origin = ORIGIN,
    ): Promise<boolean> => {
      const { ask } = createHttpApp({ env: { SITE_URL }, options });
      const { status } = await signUp(ask, "/api/auth", {
        headers: { origin, cookie: "any=1" },
      });
      return status === 200;
    };
    const checked = { disableCSRFCheck: false, disableOriginCheck: false };
    for (const more of [
      { baseURL: SITE, trustedOrigins: [] },
      { baseURL: SITE, trustedOrigins: () => [SITE] },
      { baseURL: { allowedHosts: [new URL(SITE).host] }, trustedOrigins: [] },
    ] satisfies BetterAuthOptions[]) {
      const options = { ...more, advanced: checked };
      expect([
        await trusts(`${ORIGIN}/`, options),
        await trusts("app.example.com", options),
        await trusts(ORIGIN, options, "https://evil.example"),
        await trusts("app.example.com", options, SITE),
      ]).toEqual([true, false, false, true]);
    }
  });

  it.each([
    ["app.example.com", ORIGIN],
    ["app.example.com,admin.example.com", ORIGIN],
    ["https://app.example.com,https://admin.example.com", ORIGIN],
    ["localhost:5173", "http://localhost:5173"],
  ])("that is %s is refused by crossDomain(), and the advised one works", async (wrong, origin) => {
    const { message } = await refusal(given(wrong, true), origin);
    const advised = advisedValue(message, "SITE_URL");
    expect(advised).toBe(origin);
    expect((await signUp(createHttpApp(given(advised, true)).ask)).status).toBe(200);
  });

  it("that is missing is told to the developer's machine", async () => {
    const { code, message } = await refusal(given(undefined, true), "http://localhost:5173");
    expect([code, message]).toEqual(["ENV_MISSING", expect.stringContaining("SITE_URL")]);
  });

  it("of another app lets nobody in", async () => {
    const { ask } = createHttpApp(given("https://other.example.com/"));
    const { status, headers } = await ask("/api/auth/ok", { headers: { origin: ORIGIN } });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, null]);
  });
});

describe("base paths", () => {
  const advisedPath = (message: string): string =>
    /basePath: "([^"]+)"/.exec(message)?.[1] ?? "none";
  const under = async (ask: ReturnType<typeof createHttpApp>["ask"], path: string) => [
    (await signUp(ask, path)).status,
    (await ask(`${path}/convex/jwks`)).status,
  ];
  it.each<[string, string, HttpAppOptions]>([
    ["auth", "/auth", { options: { basePath: "auth" } }],
    ["/auth/", "/auth", { options: { basePath: "/auth/" } }],
    ["/", "", { options: { basePath: "/" } }],
    ["of the base URL", "/auth", { options: { baseURL: `${SITE}/auth` }, keysUnder: "/auth" }],
    [
      "of the base URL with a slash",
      "/auth",
      { options: { baseURL: `${SITE}/auth/` }, keysUnder: "/auth" },
    ],
    [
      "of the variable, below a framework's own",
      "/docs/api/auth",
      {
        env: { BETTER_AUTH_URL: "https://app.example.com/docs/api/auth" },
        keysUnder: "/docs/api/auth",
      },
    ],
  ])("%s: works, or advises what does", async (_, path, given) => {
    // The advice is followed until nothing is refused any more: first for the keys, then for the routes.
    const first = await refusal({ ...given, keysUnder: "/api/auth" });
    const keysUnder = advisedPath(first.message);
    const second = await refusal({ ...given, keysUnder });
    const basePath = advisedPath(second.message);
    expect([first.code, second.code]).toEqual(["AUTH_CONFIG_INVALID", "INVALID_OPTION"]);
    expect([keysUnder, basePath]).toEqual([path || "/", path || "/"]);
    const { ask } = createHttpApp({ ...given, keysUnder, routes: { cors: true, basePath } });
    expect(await under(ask, path)).toEqual([200, 200]);
  });

  it("are taken by the routes and by auth.config.ts in every spelling", async () => {
    for (const basePath of ["auth", "/auth", "/auth/"]) {
      const { ask } = createHttpApp({ options: { basePath }, routes: { basePath } });
      expect(await under(ask, "/auth")).toEqual([200, 200]);
    }
    const root = createHttpApp({ options: { basePath: "/" }, routes: { basePath: "/" } });
    expect(await under(root.ask, "")).toEqual([200, 200]);
  });

  it("of base URL and option that contradict each other are refused", async () => {
    const { code, message } = await refusal({
      options: { baseURL: `${SITE}/auth`, basePath: "/api/auth" },
    });
    expect([code, message]).toEqual([
      "INVALID_OPTION",
      expect.stringContaining("Leave basePath out"),
    ]);
  });

  it("of a base URL do not make the captcha forget what it guards", async () => {
    const { ask } = createHttpApp({
      options: {
        baseURL: `${SITE}/auth`,
        plugins: [captcha({ provider: "cloudflare-turnstile", secretKey: "secret" })],
      },
      keysUnder: "/auth",
      routes: { basePath: "/auth" },
    });
    const answer = await signUp(ask, "/auth");
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: "MISSING_RESPONSE" }),
    ]);
  });
});

describe("a failure of the app's own", () => {
  const failing: HttpAppOptions = {
    options: {
      get appName(): string {
        throw new Error("a text with a secret in it");
      },
    },
  };
  it("is told apart by its code, and only the log has its text", async () => {
    const { code, message } = await refusal(failing);
    expect(code).toBe("SETUP_FAILED");
    expect(message).not.toContain("secret");
    expect(logged.join("\n")).toContain("a text with a secret in it");
  });

  it("can be read by frontends that are named somewhere, and on the developer's machine", async () => {
    const SITE_URL = "app.example.com/welcome";
    expect((await refusal({ ...failing, env: { SITE_URL } })).code).toBe("SETUP_FAILED");
    for (const origin of ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000"])
      expect((await refusal(failing, origin)).code).toBe("SETUP_FAILED");
    const routes = { cors: true, trustedOrigins: () => ["https://*.example.org"] };
    const named = await refusal({ ...failing, routes }, "https://a.example.org");
    expect(named.code).toBe("SETUP_FAILED");
  });

  it("lets a browser remember no preflight", async () => {
    const preflight = { method: "OPTIONS", headers: { origin: ORIGIN } };
    const remembered = async (given: HttpAppOptions) =>
      (await createHttpApp(given).ask("/api/auth/ok", preflight)).headers.has(
        "access-control-max-age",
      );
    expect([await remembered({}), await remembered(failing)]).toEqual([true, false]);
  });

  it("and by nobody else", async () => {
    const { ask } = createHttpApp(failing);
    for (const origin of ["https://evil.example", "https://evilapp.example.com", "null", "x"]) {
      for (const method of ["OPTIONS", "GET"]) {
        const answer = await ask("/api/auth/get-session", { method, headers: { origin } });
        expect(answer.status).toBe(500);
        expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      }
    }
  });
});
