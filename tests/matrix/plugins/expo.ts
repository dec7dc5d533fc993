import { expect } from "vitest";
import type { Answer } from "../support/browser.js";
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
        const proxied = await openProxy(t, target);
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
        const script = await openProxy(t, "javascript:1");
        expect(script.status).toBe(400);
      },
    },
  ],
});

/** A native app opens the proxy in the system's browser. */
function openProxy(t: Tools, target: string): Promise<Answer> {
  const query = new URLSearchParams({ authorizationURL: target });
  const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  return t
    .program()
    .visit(`${t.host.siteUrl}/api/auth/expo-authorization-proxy?${query.toString()}`, { headers });
}

/** Native apps have no origin header: they name themselves in `expo-origin`. */
async function signIn(t: Tools, origin: string) {
  const { email, password } = await t.person();
  return t.program().post(
    "/sign-in/email",
    { email, password },
    // The cookie makes it a request that Better Auth checks the origin of.
    { headers: { origin: "", "expo-origin": origin, cookie: "better-auth.session_token=x" } },
  );
}
