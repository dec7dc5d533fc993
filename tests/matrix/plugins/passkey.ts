import { expect } from "vitest";
import { WebAuthnEmulator } from "nid-webauthn-emulator";
import type { Browser } from "../support/browser.js";
import type { MatrixPlugin, Person } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const appOrigin = "http://localhost:5173";

export const passkey: MatrixPlugin = definePlugin({
  name: "passkey",
  package: "@better-auth/passkey",
  lines: `import { passkey } from "@better-auth/passkey";

plugins: [convex({ authConfig }), passkey({ rpID: "app.example.com", origin: siteUrl })]`,
  notes:
    "`rpID` and `origin` are those of the app's pages. They can be left out where the app is served from the Convex site's own host.",
  cases: [
    {
      name: "registers a passkey, signs in with it, renames and deletes it",
      path: "happy",
      async run(t) {
        const authenticator = new WebAuthnEmulator();
        const ada = await t.person();
        expect((await register(ada, authenticator)).status).toBe(200);
        const other = t.browser();
        const signIn = await authenticate(other, authenticator);
        expect(signIn.status).toBe(200);
        expect(await t.me(other)).toMatchObject({ id: ada.id });
        const { body: passkeys } = await other.get("/passkey/list-user-passkeys");
        expect(passkeys).toHaveLength(1);
        const { id } = passkeys[0];
        const renamed = await other.post("/passkey/update-passkey", { id, name: "Laptop" });
        expect(renamed.body.passkey).toMatchObject({ name: "Laptop" });
        expect((await other.post("/passkey/delete-passkey", { id })).status).toBe(200);
        expect((await authenticate(t.browser(), authenticator)).body.code).toBe(
          "PASSKEY_NOT_FOUND",
        );
      },
    },
    {
      name: "refuses an answer to a challenge that was used, and passkeys of strangers",
      path: "failure",
      async run(t) {
        const authenticator = new WebAuthnEmulator();
        const [ada, bob] = [await t.person(), await t.person()];
        await register(ada, authenticator);
        const browser = t.browser();
        const { body: options } = await browser.get("/passkey/generate-authenticate-options");
        const response = authenticator.getJSON(appOrigin, options);
        const cookies = new Map(browser.cookies);
        expect((await browser.post("/passkey/verify-authentication", { response })).status).toBe(
          200,
        );
        const replay = t.browser();
        for (const [name, value] of cookies) replay.cookies.set(name, value);
        const again = await replay.post("/passkey/verify-authentication", { response });
        expect(again.body.code).toBe("CHALLENGE_NOT_FOUND");
        const [{ id }] = (await ada.get("/passkey/list-user-passkeys")).body;
        expect((await bob.post("/passkey/delete-passkey", { id })).status).toBeGreaterThanOrEqual(
          400,
        );
        expect((await ada.get("/passkey/list-user-passkeys")).body).toHaveLength(1);
      },
    },
  ],
});

async function register(person: Person, authenticator: WebAuthnEmulator) {
  const { body: options } = await person.get("/passkey/generate-register-options");
  const response = authenticator.createJSON(appOrigin, options);
  return person.post("/passkey/verify-registration", { response });
}

async function authenticate(browser: Browser, authenticator: WebAuthnEmulator) {
  const { body: options } = await browser.get("/passkey/generate-authenticate-options");
  const response = authenticator.getJSON(appOrigin, {
    ...options,
    // A browser offers its discoverable passkeys; the emulator wants to be told which.
    allowCredentials: options.allowCredentials ?? [],
  });
  return browser.post("/passkey/verify-authentication", { response });
}
