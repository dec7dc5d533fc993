/** `genericOAuth({ discoveryUrl })`: the provider's document is fetched by requests that need it, and holds up no other. */
import type { BetterAuthPlugin } from "better-auth";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Browser } from "../plugins/support/app.js";
import type { TriggerApp } from "../plugins/triggers/support/app.js";
import { createTriggerApp } from "../plugins/triggers/support/app.js";

const acme = "https://acme.example";
const silent = "https://silent.example";
const document = "/.well-known/openid-configuration";

const provider = (providerId: string, origin: string) => ({
  providerId,
  discoveryUrl: `${origin}${document}`,
  clientId: "c",
  clientSecret: "s",
  scopes: ["openid", "email"],
});
const plugins = (): BetterAuthPlugin[] => [
  genericOAuth({
    config: [
      provider("acme", acme),
      provider("silent", silent),
      {
        providerId: "plain",
        authorizationUrl: "https://plain.example/authorize",
        tokenUrl: "https://plain.example/token",
        clientId: "c",
        clientSecret: "s",
      },
    ],
  }),
];

let fetched: string[];
let fails: boolean;
let app: TriggerApp;
let browser: Browser;

beforeEach(async () => {
  fetched = [];
  fails = false;
  vi.stubGlobal("fetch", async (input: string | URL | Request) => {
    const url = new URL(input instanceof Request ? input.url : input);
    fetched.push(url.href);
    if (url.origin === silent) return new Promise(() => undefined);
    if (fails) return new Response(null, { status: 503 });
    if (url.pathname === "/me") return Response.json({ sub: "1", email: "ada@acme.example" });
    return Response.json({
      issuer: acme,
      authorization_endpoint: `${acme}/authorize`,
      token_endpoint: `${acme}/token`,
      userinfo_endpoint: `${acme}/me`,
      end_session_endpoint: `${acme}/end`,
      jwks_uri: `${acme}/jwks`,
      id_token_signing_alg_values_supported: ["RS256"],
    });
  });
  app = createTriggerApp({ plugins: plugins() });
  browser = app.browser();
  await browser.signUp("ada@example.com");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const start = (name: string): Promise<Response> =>
  app.browser().request("/sign-in/social", { body: { provider: name, disableRedirect: true } });

/** The account that a sign-in at the provider leaves. */
async function linked(providerId: string): Promise<string> {
  const [user] = await app.rows("user");
  return app.inAction(async (ctx) => {
    const { internalAdapter } = await app.auth(ctx).$context;
    const account = await internalAdapter.linkAccount({
      userId: String(user?.["id"]),
      providerId,
      accountId: "1",
      accessToken: "a token",
    });
    return account.id;
  });
}

it("requests that have no use for it fetch nothing", async () => {
  for (const path of ["/get-session", "/convex/token", "/convex/jwks", "/list-sessions"])
    expect((await browser.request(path)).status).toBe(200);
  expect((await app.browser().signIn("ada@example.com")).status).toBe(200);
  expect((await start("plain")).status).toBe(200);
  expect((await browser.request("/sign-out", { body: {} })).status).toBe(200);
  expect(fetched).toEqual([]);
});

it("a sign-in at the provider fetches its document, and no other's", async () => {
  const response = await start("acme");
  expect(response.status).toBe(200);
  const { url } = (await response.json()) as { url: string };
  expect(url).toContain(`${acme}/authorize?`);
  // What the document says counts: an OpenID provider's tokens are bound to the request.
  expect(new URL(url).searchParams.get("nonce")).toBeTruthy();
  expect(fetched).toEqual([`${acme}${document}`]);
});

it("a provider that does not answer is waited for ten seconds, and fails alone", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const waiting = start("silent");
  await vi.waitFor(() => expect(fetched).toEqual([`${silent}${document}`]), { timeout: 5_000 });
  await vi.advanceTimersByTimeAsync(10_000);
  const response = await waiting;
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "PROVIDER_NOT_FOUND" });
});

it("a document that cannot be had is asked for again by the next request", async () => {
  fails = true;
  expect((await start("acme")).status).toBe(404);
  fails = false;
  expect((await start("acme")).status).toBe(200);
});

it("a sign-out signs out at the provider of the user's account", async () => {
  await linked("acme");
  const response = await browser.request("/sign-out", { body: {} });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ url: expect.stringContaining(`${acme}/end`) });
  expect(fetched).toEqual([`${acme}${document}`]);
});

it("what names the account alone finds the provider", async () => {
  const accountId = await linked("acme");
  const response = await browser.request(`/account-info?accountId=${accountId}`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ user: { email: "ada@acme.example" } });
});

it("queries and mutations fetch nothing and log nothing", async () => {
  const log = vi.fn();
  const quiet: TriggerApp = createTriggerApp({
    plugins: plugins(),
    options: { logger: { log, level: "warn" } },
  });
  const headers = { cookie: browser.cookieHeader() };
  const me = async (ctx: unknown): Promise<null> => {
    const session = await quiet.auth(ctx as never).api.getSession({ headers });
    expect(session?.user.email).toBe("ada@example.com");
    return null;
  };
  await app.t.query(me);
  await app.t.mutation(me);
  expect([fetched, log.mock.calls]).toEqual([[], []]);
});

it("the ids of all providers are known from the beginning", async () => {
  const ids = await app.inAction(async (ctx) =>
    (await app.auth(ctx).$context).socialProviders.map(({ id }) => id),
  );
  expect(ids.sort()).toEqual(["acme", "plain", "silent"]);
});
