import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect } from "vitest";
import type { MatrixPlugin, Party } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";

interface Google extends Party {
  idToken(email: string, audience?: string): Promise<string>;
}

/** A fake: stands for Google, with a key of its own and the address where Google publishes its keys. */
async function openGoogle(): Promise<Google> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "google-1", alg: "RS256", use: "sig" };
  const { url, close } = await serveJson(() => Response.json({ keys: [key] }));
  return {
    close,
    standsFor: { "https://www.googleapis.com": url },
    idToken: (email, audience = "the-matrix.apps.example.com") =>
      new SignJWT({ email, email_verified: true, name: "Ada" })
        .setProtectedHeader({ alg: "RS256", kid: "google-1" })
        .setIssuer("https://accounts.google.com")
        .setAudience(audience)
        .setSubject(`google-${email}`)
        .setIssuedAt()
        .setExpirationTime("5 minutes")
        .sign(privateKey),
  };
}

export const oneTap: MatrixPlugin = definePlugin<Google>({
  name: "one-tap",
  package: "better-auth",
  lines: `import { oneTap } from "better-auth/plugins";

plugins: [convex({ authConfig }), oneTap({ clientId: process.env.GOOGLE_CLIENT_ID! })]`,
  notes:
    "Tested against a fake of Google's key endpoint. Google's keys are fetched anew for each sign-in.",
  party: openGoogle,
  cases: [
    {
      name: "signs up and in with an ID token of Google",
      path: "happy",
      async run(t, google) {
        const email = `${t.unique("tap")}@example.com`;
        const signIn = async () => {
          const browser = t.browser();
          const idToken = await google.idToken(email);
          expect((await browser.post("/one-tap/callback", { idToken })).status).toBe(200);
          return t.me(browser);
        };
        const first = await signIn();
        expect(first).toMatchObject({ email, emailVerified: true, name: "Ada" });
        expect((await signIn())?.["id"]).toBe(first?.["id"]);
      },
    },
    {
      name: "a token for another client, and one that is no token",
      path: "failure",
      async run(t, google) {
        const browser = t.browser();
        const idToken = await google.idToken("eve@example.com", "another client");
        expect((await browser.post("/one-tap/callback", { idToken })).status).toBe(400);
        expect((await browser.post("/one-tap/callback", { idToken: "a.b.c" })).status).toBe(400);
        expect(await t.me(browser)).toBeNull();
      },
    },
  ],
});
