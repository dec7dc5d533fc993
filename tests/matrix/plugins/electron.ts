import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Browser } from "../support/browser.js";
import type { MatrixPlugin, Person } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const verifier = "a-verifier-that-never-leaves-the-desktop-app";
const state = "state-of-the-flow";

export const electron: MatrixPlugin = definePlugin({
  name: "electron",
  package: "@better-auth/electron",
  lines: `import { electron } from "@better-auth/electron";

plugins: [convex({ authConfig }), electron()]`,
  cases: [
    {
      name: "a sign-in in the browser becomes a session of the desktop app",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        const desktop = t.program();
        const exchanged = await redeem(desktop, await codeOf(t.browser(), ada), verifier);
        expect(exchanged.status).toBe(200);
        expect(exchanged.body.user).toMatchObject({ id: ada.id });
        expect(await t.me(desktop)).toMatchObject({ id: ada.id });
        const transfer = await ada.post(`/electron/transfer-user?${flow().toString()}`);
        expect(transfer.body.electron_authorization_code).toHaveLength(32);
      },
    },
    {
      name: "refuses another verifier, and a code that was used",
      path: "failure",
      async run(t) {
        const ada = await t.person();
        const code = await codeOf(t.browser(), ada);
        const desktop = t.program();
        expect((await redeem(desktop, code, "another")).body.code).toBe("INVALID_CODE_VERIFIER");
        // One guess is all there is.
        expect((await redeem(desktop, code, verifier)).body.code).toBe("INVALID_TOKEN");
        expect(desktop.cookies.size).toBe(0);
      },
    },
  ],
});

function flow(): URLSearchParams {
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return new URLSearchParams({ client_id: "electron", state, code_challenge: challenge });
}

async function codeOf(browser: Browser, { email, password }: Person): Promise<string> {
  const signIn = await browser.post(`/sign-in/email?${flow().toString()}`, { email, password });
  expect(signIn.status).toBe(200);
  return signIn.body.electron_authorization_code as string;
}

function redeem(desktop: Browser, token: string, code_verifier: string) {
  return desktop.post("/electron/token", { token, state, code_verifier });
}
