import { expect } from "vitest";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const expo: MatrixPlugin = definePlugin({
  name: "expo",
  package: "@better-auth/expo",
  lines: `import { expo } from "@better-auth/expo";

trustedOrigins: ["myapp://"],
plugins: [convex({ authConfig }), expo()]`,
  cases: [
    {
      name: "takes the origin of a native app, and leads a social sign-in through its proxy",
      path: "happy",
      async run(t) {
        expect((await signIn(t, "myapp://")).status).toBe(200);
        const target = "https://accounts.example.com/authorize?state=abc";
        const proxied = await t
          .browser()
          .get(`/expo-authorization-proxy?authorizationURL=${encodeURIComponent(target)}`);
        expect(proxied.status).toBe(302);
        expect(proxied.location?.href).toBe(target);
        expect(proxied.headers.get("set-cookie")).toContain("better-auth.state");
      },
    },
    {
      name: "refuses the origin of another native app, and a proxy to a script",
      path: "failure",
      async run(t) {
        expect((await signIn(t, "otherapp://")).body.code).toBe("INVALID_ORIGIN");
        const script = await t
          .browser()
          .get(`/expo-authorization-proxy?authorizationURL=${encodeURIComponent("javascript:1")}`);
        expect(script.status).toBe(400);
      },
    },
  ],
});

/** Native apps have no origin header: they name themselves in `expo-origin`. */
async function signIn(t: Tools, origin: string) {
  const { email, password } = await t.person();
  return t.browser().post(
    "/sign-in/email",
    { email, password },
    // The cookie makes it a request that Better Auth checks the origin of.
    { headers: { origin: "", "expo-origin": origin, cookie: "better-auth.session_token=x" } },
  );
}
