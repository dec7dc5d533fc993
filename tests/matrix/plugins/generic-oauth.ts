import { expect } from "vitest";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const genericOauth: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "generic-oauth",
  package: "better-auth",
  lines: `import { genericOAuth } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  genericOAuth({
    config: [{ providerId: "acme", discoveryUrl, clientId, clientSecret, scopes: ["openid", "email"] }],
  }),
]`,
  notes:
    "The redirect URI to register at the provider is `https://<deployment>.convex.site/api/auth/callback/<providerId>`, or the same path at the app's own origin where the app proxies its auth requests. The document at `discoveryUrl` is fetched by requests that use the provider, once each: a start, a callback, a renewed token, a sign-out of somebody who has an account there. With `authorizationUrl`, `tokenUrl` and `userInfoUrl` in place of it nothing is fetched, and the provider's ID tokens are not verified.",
  party: openLoopbackProvider,
  cases: [
    {
      name: "signs up and in at an OpenID provider, links it to an account",
      path: "happy",
      async run(t, provider) {
        const email = `${t.unique("oidc")}@example.com`;
        const signIn = async (browser = t.browser()) => {
          const start = await browser.post("/sign-in/social", {
            provider: "loopback",
            callbackURL: "/welcome",
          });
          const back = await provider.authorize(new URL(start.body.url), email);
          const end = await browser.visit(back);
          expect(end.location?.href).toBe(`${t.site}/welcome`);
          return browser;
        };
        const first = await t.me(await signIn());
        expect(first).toMatchObject({ email, emailVerified: true });
        expect((await t.me(await signIn()))?.["id"]).toBe(first?.["id"]);

        const person = await t.person("linker");
        const start = await person.post("/link-social", {
          provider: "loopback",
          callbackURL: "/linked",
        });
        const back = await provider.authorize(new URL(start.body.url), person.email);
        expect((await person.visit(back)).location?.href).toBe(`${t.site}/linked`);
        const accounts = await person.get("/list-accounts");
        expect(accounts.body.map((each: { providerId: string }) => each.providerId)).toEqual(
          expect.arrayContaining(["credential", "loopback"]),
        );
      },
    },
    {
      name: "the person refuses, and a state that was used",
      path: "failure",
      async run(t, provider) {
        const browser = t.browser();
        const request = { provider: "loopback", callbackURL: "/welcome", errorCallbackURL: "/no" };
        const start = await browser.post("/sign-in/social", request);
        const refused = await browser.visit(await provider.refuse(new URL(start.body.url)));
        expect(refused.location?.searchParams.get("error")).toBe("access_denied");
        expect(refused.location?.href).toContain(`${t.site}/no?`);

        const again = await browser.post("/sign-in/social", request);
        const back = await provider.authorize(
          new URL(again.body.url),
          `${t.unique("oidc")}@example.com`,
        );
        expect((await browser.visit(back)).location?.pathname).toBe("/welcome");
        const replayed = await browser.visit(back);
        expect(replayed.location?.searchParams.get("error")).toBeTruthy();
        expect(await t.me(t.browser())).toBeNull();
      },
    },
  ],
});
