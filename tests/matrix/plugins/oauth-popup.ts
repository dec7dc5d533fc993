import { expect } from "vitest";
import { refusalOf } from "../support/browser.js";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** What the completion page posts to the window that opened it. */
function messageOf(html: string): Record<string, unknown> {
  const json = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? "{}";
  return JSON.parse(json) as Record<string, unknown>;
}

/** What a page at `origin` opens the popup with. */
function startOf(t: Tools, origin: string): string {
  const query = new URLSearchParams({ provider: "loopback", popupOrigin: origin });
  return `${t.host.siteUrl}/api/auth/oauth-popup/start?${query.toString()}`;
}

export const oauthPopup: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "oauth-popup",
  package: "better-auth",
  lines: `import { bearer, oauthPopup } from "better-auth/plugins";

plugins: [convex({ authConfig }), bearer(), oauthPopup()]`,
  notes:
    "The origin that opens the popup belongs into `trustedOrigins`. The token that is posted to it is a bearer token: `/convex/token` exchanges it.",
  party: openLoopbackProvider,
  cases: [
    {
      name: "a popup signs in and hands the token over",
      path: "happy",
      async run(t, provider) {
        const email = `${t.unique("popup")}@example.com`;
        const popup = t.browser();
        const start = await popup.visit(`${startOf(t, t.site)}&popupNonce=n1&callbackURL=/in`);
        const back = await provider.authorize(start.location!, email);
        const page = await popup.visit(back);
        expect(page.status).toBe(200);
        const message = messageOf(page.text);
        expect(message).toMatchObject({ nonce: "n1", targetOrigin: t.site });
        const headers = { authorization: `Bearer ${String(message["token"])}` };
        const session = await t.browser().get("/get-session", { headers });
        expect(session.body.user.email).toBe(email);
        expect((await t.browser().get("/convex/token", { headers })).status).toBe(200);
      },
    },
    {
      name: "an origin that nobody trusts, and a person who refuses",
      path: "failure",
      async run(t, provider) {
        const popup = t.browser();
        const untrusted = await popup.visit(startOf(t, "https://evil.example.com"));
        expect(refusalOf(untrusted)).toBe("INVALID_ORIGIN");
        const ours = await popup.visit(startOf(t, t.site));
        const page = await popup.visit(await provider.refuse(ours.location!));
        expect(messageOf(page.text)["error"]).toMatchObject({ code: "access_denied" });
      },
    },
  ],
});
