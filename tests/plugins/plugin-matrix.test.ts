import type { BetterAuthPlugin } from "better-auth";
import * as plugins from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { createApp } from "./support/app.js";

const neighbours: Record<string, () => BetterAuthPlugin> = {
  admin: () => plugins.admin(),
  anonymous: () => plugins.anonymous(),
  bearer: () => plugins.bearer(),
  customSession: () => plugins.customSession(async (session) => session),
  deviceAuthorization: () => plugins.deviceAuthorization({ verificationUri: "/device" }),
  emailOTP: () => plugins.emailOTP({ sendVerificationOTP: async () => undefined }),
  jwt: () => plugins.jwt(),
  lastLoginMethod: () => plugins.lastLoginMethod(),
  magicLink: () => plugins.magicLink({ sendMagicLink: async () => undefined }),
  multiSession: () => plugins.multiSession(),
  oneTimeToken: () => plugins.oneTimeToken(),
  openAPI: () => plugins.openAPI(),
  organization: () => plugins.organization(),
  phoneNumber: () => plugins.phoneNumber(),
  twoFactor: () => plugins.twoFactor(),
  username: () => plugins.username(),
};

describe.each(Object.keys(neighbours))("beside %s", (name) => {
  it.each([true, false])(
    "in either order everything answers (convex first: %s)",
    async (convexFirst) => {
      const plugin = neighbours[name]?.();
      const app = createApp({ convexFirst, plugins: plugin ? [plugin] : [] });
      const browser = app.browser();
      expect((await browser.signUp("a@example.com")).status).toBe(200);
      expect(browser.cookie("convex_jwt")).toBeDefined();
      for (const path of ["/convex/token", "/convex/jwks", "/get-session"])
        expect([path, (await browser.request(path)).status]).toEqual([path, 200]);
      expect(app.logs.join()).not.toContain("conflict");
      if (name === "jwt") {
        // The user's own keys and tokens are another matter altogether.
        expect((await browser.request("/token")).status).toBe(200);
        const { keys } = (await (await browser.request("/jwks")).json()) as {
          keys: { alg: string }[];
        };
        expect(keys.map(({ alg }) => alg)).toEqual(["EdDSA"]);
      }
    },
  );
});
