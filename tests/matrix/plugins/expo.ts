import { expect } from "vitest";
import { NAVIGATION } from "../support/browser.js";
import type { Answer, Browser } from "../support/browser.js";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const expo: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "expo",
  package: "@better-auth/expo",
  lines: `import { expo } from "@better-auth/expo";

trustedOrigins: ["myapp://"],
plugins: [convex({ authConfig }), expo()]`,
  party: openLoopbackProvider,
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
      name: "a social sign-in ends in the native app, with the session in its link",
      path: "happy",
      sets: ["expo:social"],
      async run(t, provider) {
        const email = `${t.unique("native")}@example.com`;
        const app = { "expo-origin": "myapp://" };
        const social = { provider: "loopback", callbackURL: "myapp://home" };
        const start = await t.program().post("/sign-in/social", social, { headers: app });
        const window = t.program();
        // The proxy leads to https addresses only, and the provider of the tests has none.
        const proxied = await openProxy(t, start.body.url.replace("http:", "https:"), window);
        const authorization = new URL(String(proxied.location).replace("https:", "http:"));
        const back = await provider.authorize(authorization, email);
        const end = await window.visit(back, { headers: NAVIGATION });
        expect(end.location?.href).toMatch(/^myapp:\/\/home\?cookie=/);
        const [cookie = ""] =
          /better-auth\.session_token=[^;]+/.exec(end.location?.searchParams.get("cookie") ?? "") ??
          [];
        const session = await t.program().get("/get-session", { headers: { ...app, cookie } });
        expect(session.body.user.email).toBe(email);
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

/** A native app opens the proxy in a window of the system's browser. */
function openProxy(t: Tools, target: string, window: Browser = t.program()): Promise<Answer> {
  const query = new URLSearchParams({ authorizationURL: target });
  const proxy = `${t.host.siteUrl}/api/auth/expo-authorization-proxy`;
  return window.visit(`${proxy}?${query.toString()}`, { headers: NAVIGATION });
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
