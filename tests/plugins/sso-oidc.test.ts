/**
 * `@better-auth/sso` with an OpenID provider, over the component. It imports Node's `crypto`, which Convex's HTTP actions do not
 * have, so the CLI refuses to bundle it and it cannot take part in the matrix: Better Auth runs in Node here.
 */
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenIdProvider } from "../matrix/support/openid-provider.js";
import { openOpenIdProvider } from "../matrix/support/openid-provider.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import { crossDomain } from "../../js/plugins/index.js";
import { openTab } from "../support/tab.js";
import type { Browser } from "./support/app.js";
import { SITE } from "./support/app.js";
import { registerProvider, signInSso, userOf } from "./support/sso.js";

const FRONTEND = "http://localhost:5173";

const client = {
  id: "sso",
  secret: "the secret of the sso client",
  redirectUris: [`${SITE}/api/auth/sso/callback/acme`],
};

let provider: OpenIdProvider;
let app: ComponentApp;

beforeAll(async () => {
  provider = await openOpenIdProvider([client]);
  app = createComponentApp({
    plugins: [crossDomain({ siteUrl: FRONTEND }), sso() as unknown as BetterAuthPlugin],
    options: { trustedOrigins: [provider.issuer] },
  });
  const registered = await registerProvider(app, {
    providerId: "acme",
    issuer: provider.issuer,
    domain: "acme.example",
    oidcConfig: { clientId: client.id, clientSecret: client.secret },
  });
  expect(registered.status, await registered.text()).toBe(200);
});
afterAll(() => provider.close());

it("signs a user in who comes from the provider of their address's domain, and knows them again", async () => {
  const [first, again] = [app.browser(), app.browser()];
  for (const browser of [first, again]) {
    const back = await provider.authorize(
      await start(browser, "ada@acme.example"),
      "ada@acme.example",
    );
    expect(await comeBack(browser, back)).not.toContain("error");
  }
  const ada = await userOf(first);
  expect(ada).toMatchObject({ email: "ada@acme.example" });
  expect(await userOf(again)).toMatchObject({ id: ada?.["id"] });
  expect(await app.rows("ssoProvider")).toHaveLength(1);
});

it("signs nobody in whom the provider refuses, nor for a domain that nobody registered", async () => {
  const browser = app.browser();
  const back = await provider.refuse(await start(browser, "bob@acme.example"));
  expect(await comeBack(browser, back)).toContain("error");
  expect(await userOf(browser)).toBeUndefined();
  const unknown = await signInSso(browser, "bob@elsewhere.example");
  expect(unknown.status).toBe(404);
});

it("on two origins: brings the tab home, signed in, and a refusal too", async () => {
  const open = () =>
    openTab({ handler: app.auth().handler, api: `${SITE}/api/auth`, origin: FRONTEND });
  const [tab, other] = [open(), open()];
  const begin = async () => {
    const body = { email: "cleo@acme.example", callbackURL: "/in", errorCallbackURL: "/sorry" };
    const answer = await tab.request("/sign-in/sso", { body });
    return new URL(((await answer.json()) as { url: string }).url);
  };
  const refused = await tab.visit(await provider.refuse(await begin()));
  expect(refused.address.href).toMatch(`${FRONTEND}/sorry?error=`);
  const back = await provider.authorize(await begin(), "cleo@acme.example");
  // The flow's cookie is in the tab that started it and nowhere else.
  const stolen = await other.visit(back);
  expect(stolen.address.searchParams.get("error")).toBe("state_mismatch");
  const again = await provider.authorize(await begin(), "cleo@acme.example");
  expect((await tab.visit(again)).address.href).toBe(`${FRONTEND}/in`);
  expect(await userOf(tab)).toMatchObject({ email: "cleo@acme.example" });
  expect(await userOf(other)).toBeUndefined();
  expect(tab.hostCookies.size).toBe(0);
});

async function start(browser: Browser, email: string): Promise<URL> {
  const { url } = (await (await signInSso(browser, email)).json()) as { url: string };
  return new URL(url);
}

/** The provider has sent the browser back; gives where the app sends it on. */
async function comeBack(browser: Browser, { pathname, search }: URL): Promise<string> {
  const response = await browser.request(`${pathname.replace("/api/auth", "")}${search}`);
  return response.headers.get("location") ?? "";
}
