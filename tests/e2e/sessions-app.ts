/** The app of the session tests, bundled by the real CLI and started on the local host. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import { WebSocket } from "ws";
import type { Host } from "../host/index.js";
import { bundleCopy } from "../host/index.js";
import type { AuthSession } from "./auth-session.js";
import { openAuthSession } from "./auth-session.js";
import { startLocalDeployment } from "./local-deployment.js";
import { stageApp } from "./stage-app.js";

export const ORIGIN = "http://localhost:5173";
export const PASSWORD = "correct horse battery";

/** A browser of somebody who has signed up. */
export interface SignedUp {
  readonly browser: AuthSession;
  readonly email: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** The running app. */
export interface SessionsApp {
  readonly host: Host;
  signUp(name: string): Promise<SignedUp>;
  /** Another browser of the same person. */
  signIn(email: string): Promise<AuthSession>;
  /** A real Convex client of a browser. It is closed with the app. */
  client(browser: AuthSession): ConvexClient;
  close(): Promise<void>;
}

/** How one deployment of the app differs from the others. */
export interface SessionsAppOptions {
  /** The text of `convex/auth.config.ts`. */
  readonly authConfig?: string;
  /** The text of `convex/http.ts`. */
  readonly http?: string;
  /** Changes the text of `convex/auth.ts`. */
  readonly auth?: (text: string) => string;
  readonly env?: Record<string, string>;
  /** A folder whose files are put over those of the app. */
  readonly over?: string;
  /** Whether mutations run at once and conflict. @default false */
  readonly concurrent?: boolean;
  /** Whether a visitor's address is the one that Convex's cloud would have seen. @default false */
  readonly edge?: boolean;
  /** On how many workers contexts are kept. @default as the host's */
  readonly workers?: number;
}

export async function startSessionsApp(
  name: string,
  { authConfig, http, auth, over, ...options }: SessionsAppOptions = {},
): Promise<SessionsApp> {
  const folder = await stageApp(join(import.meta.dirname, "sessions-app"), name);
  if (over !== undefined) await cp(join(import.meta.dirname, over), folder, { recursive: true });
  if (authConfig !== undefined) await writeFile(join(folder, "convex/auth.config.ts"), authConfig);
  if (http !== undefined) await writeFile(join(folder, "convex/http.ts"), http);
  const authFile = join(folder, "convex/auth.ts");
  if (auth !== undefined) await writeFile(authFile, auth(await readFile(authFile, "utf8")));
  const pushRequest = await bundleCopy(folder);
  const host = await startLocalDeployment({ ...options, pushRequest, origin: ORIGIN });
  const clients: ConvexClient[] = [];
  return {
    host,
    async signUp(name) {
      const browser = openAuthSession(host.siteUrl, ORIGIN);
      const email = `${name}@example.com`;
      const account = { email, password: PASSWORD, name };
      const { status } = await browser.post("/sign-up/email", account);
      if (status !== 200) throw new Error(`sign-up answered ${String(status)}`);
      const { body } = await browser.get("/get-session");
      const { session } = body as { session: { id: string; userId: string } };
      return { browser, email, userId: session.userId, sessionId: session.id };
    },
    async signIn(email) {
      const browser = openAuthSession(host.siteUrl, ORIGIN);
      const { status } = await browser.post("/sign-in/email", { email, password: PASSWORD });
      if (status !== 200) throw new Error(`sign-in answered ${String(status)}`);
      return browser;
    },
    client(browser) {
      const client = new ConvexClient(host.url, {
        webSocketConstructor: WebSocket as unknown as typeof globalThis.WebSocket,
        logger: false,
      });
      client.setAuth(({ forceRefreshToken }) => browser.token(forceRefreshToken));
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await host.close();
    },
  };
}
