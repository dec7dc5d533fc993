/** Better Auth in a query of the app, beside plugins that write when an instance begins or answers. */
import { mcp } from "@better-auth/mcp";
import { oauthProvider } from "@better-auth/oauth-provider";
import type { BetterAuthPlugin } from "better-auth";
import { jwt } from "better-auth/plugins/jwt";
import { afterEach, expect, it, vi } from "vitest";
import type { TriggerApp } from "../plugins/triggers/support/app.js";
import { createTriggerApp } from "../plugins/triggers/support/app.js";
import type { Browser } from "../plugins/support/app.js";

const pages = { loginPage: "/login", consentPage: "/consent" };
const resource = "https://happy-animal-1.convex.site/mcp";

const sets: Record<string, BetterAuthPlugin[]> = {
  "jwt()": [jwt({ jwks: { rotationInterval: 60 } })],
  "oauthProvider() with resources": [jwt(), oauthProvider({ ...pages, resources: [resource] })],
  "oauthProvider() whose options have the say": [
    jwt(),
    oauthProvider({ ...pages, resources: [resource], resourceSeedMode: "overwrite" }),
  ],
  "mcp()": [jwt(), mcp({ ...pages, resource })],
};

afterEach(() => void vi.useRealTimers());

async function emailInQuery(app: TriggerApp, browser: Browser): Promise<string | undefined> {
  let email: string | undefined;
  await app.t.query(async (ctx) => {
    const headers = { cookie: browser.cookieHeader() };
    email = (await app.auth(ctx as never).api.getSession({ headers }))?.user.email;
    return null;
  });
  return email;
}

it.each(Object.entries(sets))("%s: a query learns of the session", async (name, plugins) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const bare = createTriggerApp();
  const browser = bare.browser();
  await browser.signUp("ada@example.com");
  // The same deployment, whose next push has the plugins.
  const app: TriggerApp = { ...createTriggerApp({ plugins }), t: bare.t };
  const ask = () => emailInQuery(app, browser);
  expect(await ask()).toBe("ada@example.com");

  // What is no query writes as ever.
  const inAction = await app.t.action(async (ctx) => {
    const cookie = browser.cookieHeader();
    const request = new Request("https://happy-animal-1.convex.site/api/auth/get-session", {
      headers: { cookie },
    });
    const { headers } = await app.auth(ctx as never).handler(request);
    return headers.has("set-auth-jwt");
  });
  expect(inAction).toBe(true);
  const rows = await bare.rows("jwks");
  expect(rows.filter(({ alg }) => alg === "EdDSA" || alg === null)).not.toEqual([]);
  expect((await bare.rows("oauthResource")).length).toBe(name === "jwt()" ? 0 : 1);
  // A key that is due for a new one.
  vi.setSystemTime(Date.now() + 120_000);
  expect(await ask()).toBe("ada@example.com");
});
