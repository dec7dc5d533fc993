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
import type { Browser } from "./support/app.js";
import { SITE } from "./support/app.js";
import { registerProvider, signInSso, userOf } from "./support/sso.js";

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
    plugins: [sso() as unknown as BetterAuthPlugin],
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

async function start(browser: Browser, email: string): Promise<URL> {
  const { url } = (await (await signInSso(browser, email)).json()) as { url: string };
  return new URL(url);
}

/** The provider has sent the browser back; gives where the app sends it on. */
async function comeBack(browser: Browser, { pathname, search }: URL): Promise<string> {
  const response = await browser.request(`${pathname.replace("/api/auth", "")}${search}`);
  return response.headers.get("location") ?? "";
}
