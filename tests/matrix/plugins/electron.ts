import { electronClient } from "@better-auth/electron/client";
import { createAuthClient } from "better-auth/client";
import { expect } from "vitest";
import { convexClient } from "../../../js/client/plugins/index.js";
import type { Browser } from "../support/browser.js";
import { opened } from "../support/fake-electron.js";
import type { MatrixPlugin, Person, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const electron: MatrixPlugin = definePlugin({
  name: "electron",
  package: "@better-auth/electron",
  lines: `import { electron } from "@better-auth/electron";

trustedOrigins: ["com.example.app:/"],
plugins: [convex({ authConfig }), electron()]`,
  notes: `\`electronClient()\` names the app's scheme as its origin, \`com.example.app:/\`. It works in the main process, which keeps the cookies. There \`convexClient()\` gives the token for Convex, and the window asks for it over IPC:

\`\`\`ts
// src/main/auth.ts
import { electronClient } from "@better-auth/electron/client";
import { storage } from "@better-auth/electron/storage";
import { createAuthClient } from "better-auth/client";
import { convexClient } from "convex-gate/client/plugins";
import { ipcMain } from "electron";

export const authClient = createAuthClient({
  baseURL: process.env.CONVEX_SITE_URL,
  plugins: [
    electronClient({
      signInURL: "https://app.example.com/sign-in",
      protocol: { scheme: "com.example.app" },
      storage: storage(),
    }),
    convexClient(),
  ],
});

ipcMain.handle("convex-token", async () => {
  const { data } = await authClient.convex.token();
  return data?.token ?? null;
});
\`\`\`

\`\`\`ts
// src/preload/index.ts
import { contextBridge, ipcRenderer } from "electron";

contextBridge.exposeInMainWorld("convexToken", () => ipcRenderer.invoke("convex-token"));
\`\`\`

\`\`\`ts
// src/renderer/convex.ts
import { ConvexReactClient } from "convex/react";

declare const convexToken: () => Promise<string | null>;

export const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

export function connect() {
  convex.setAuth(() => convexToken());
}
\`\`\`

The window calls \`connect()\` when it opens and when somebody has signed in, and \`convex.clearAuth()\` at a sign-out: \`ConvexProvider\` of \`convex/react\` takes this client. Tested with the real \`electronClient()\` and a fake of Electron.`,
  cases: [
    {
      name: "a sign-in in the browser becomes a session of the desktop app, which ends it",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        const client = desktop(t);
        const flow = await leave(client);
        const code = await codeOf(t.browser(), flow, ada);
        expect((await redeem(client, flow, code)).data).toMatchObject({ user: { id: ada.id } });
        const token = (await client.convex.token()).data?.token ?? null;
        const me = await t.me({ ...t.program(), token: () => Promise.resolve(token) });
        expect(me).toMatchObject({ id: ada.id });
        const transfer = await ada.post(`/electron/transfer-user?${flow.toString()}`);
        expect(transfer.body.electron_authorization_code).toHaveLength(32);
        expect((await client.signOut()).error).toBeNull();
        expect(client.getCookie()).toBe("");
      },
    },
    {
      name: "refuses another app's scheme, another verifier, and a code that was used",
      path: "failure",
      async run(t) {
        const ada = await t.person();
        const other = desktop(t, "com.example.other");
        const theirs = await leave(other);
        const taken = await codeOf(t.browser(), theirs, ada);
        const foreign = await redeem(other, theirs, taken);
        expect(foreign.error).toMatchObject({ code: "INVALID_ORIGIN" });
        const client = desktop(t);
        const flow = await leave(client);
        const code = await codeOf(t.browser(), flow, ada);
        const guess = { token: code, state: flow.get("state"), code_verifier: "another" };
        const headers = { origin: "com.example.app:/" };
        const guessed = await t.program().post("/electron/token", guess, { headers });
        expect(guessed.body.code).toBe("INVALID_CODE_VERIFIER");
        // One guess is all there is.
        expect((await redeem(client, flow, code)).error).toMatchObject({ code: "INVALID_TOKEN" });
        expect(client.getCookie()).toBe("");
      },
    },
  ],
});

/** The client of an app's main process, as Electron starts one. */
function desktop(t: Tools, scheme = "com.example.app") {
  Object.assign(process, { type: "browser" });
  const items = new Map<string, unknown>();
  return createAuthClient({
    baseURL: t.host.siteUrl,
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        // Its store asks by itself some time after a sign-out, which may be within the next case.
        if (String(input).endsWith("/get-session")) return Response.json(null);
        const { status, headers, text } = await t.program().visit(String(input), {
          method: init?.method ?? "GET",
          headers: Object.fromEntries(new Headers(init?.headers)),
          body: init?.body ? JSON.parse(String(init.body)) : undefined,
        });
        return new Response(text, { status, headers });
      },
    },
    plugins: [
      // Its fetch plugins have options that may be undefined, which is less than this repository's types allow.
      electronClient({
        signInURL: "https://app.example.com/sign-in",
        protocol: { scheme },
        storage: {
          getItem: (name) => items.get(name) ?? null,
          setItem: (name, value) => void items.set(name, value),
        },
      }) as Omit<ReturnType<typeof electronClient>, "fetchPlugins">,
      convexClient(),
    ],
  });
}

type Desktop = ReturnType<typeof desktop>;

/** Opens the system's browser, and gives what its page is told of the flow. */
async function leave(client: Desktop): Promise<URLSearchParams> {
  await client.requestAuth();
  return new URL(opened.at(-1) ?? "").searchParams;
}

async function codeOf(
  browser: Browser,
  flow: URLSearchParams,
  { email, password }: Person,
): Promise<string> {
  const signIn = await browser.post(`/sign-in/email?${flow.toString()}`, { email, password });
  expect(signIn.status).toBe(200);
  return signIn.body.electron_authorization_code as string;
}

/** What the link has that brings the flow back to the app. */
function redeem(client: Desktop, flow: URLSearchParams, identifier: string) {
  const told = JSON.stringify({ identifier, state: flow.get("state") });
  return client.authenticate({ token: Buffer.from(told).toString("base64url") });
}
