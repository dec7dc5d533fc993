import { expect } from "vitest";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const oauthProxy: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "oauth-proxy",
  package: "better-auth",
  lines: `import { oAuthProxy } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  oAuthProxy({ productionURL: "https://<production>.convex.site" }),
]`,
  notes:
    "For preview deployments, whose URL is not registered at the provider. Both deployments need the same `BETTER_AUTH_SECRET` or the plugin's own `secret`. Tested with the two origins of one deployment.",
  party: openLoopbackProvider,
  cases: [
    {
      name: "signs in on a preview through production's callback",
      path: "happy",
      async run(t, provider) {
        const email = `${t.unique("preview")}@example.com`;
        const browser = t.browser();
        const start = await browser.post("/sign-in/social", {
          provider: "loopback",
          callbackURL: "/in",
        });
        const back = await provider.authorize(new URL(start.body.url), email);
        const proxied = await browser.visit(back);
        expect(proxied.location?.hostname).toBe("localhost");
        expect(proxied.location?.pathname).toBe("/api/auth/callback/loopback/oauth-proxy");
        expect(await t.me(browser)).toBeNull();
        const end = await browser.visit(proxied.location!);
        expect(end.location?.pathname).toBe("/in");
        expect(await t.me(browser)).toMatchObject({ email });
      },
    },
    {
      name: "a profile that production did not encrypt",
      path: "failure",
      async run(t) {
        const browser = t.browser();
        const made = await browser.visit(
          `${t.host.siteUrl}/api/auth/callback/loopback/oauth-proxy?callbackURL=%2Fin&profile=abc`,
        );
        expect(made.location?.searchParams.get("error")).toBe("invalid_profile");
        expect(await t.me(browser)).toBeNull();
      },
    },
  ],
});
