/** A change of keys on a deployment that keeps the key set as Convex does: for how long, and how, nobody gets in. */
import { randomBytes } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuthSession } from "./auth-session.js";
import type { SessionsApp } from "./sessions-app.js";
import { startSessionsApp } from "./sessions-app.js";

const me = makeFunctionReference<"query", Record<string, never>, { email: string } | null>(
  "sessions:me",
);
let app: SessionsApp;

beforeAll(async () => {
  app = await startSessionsApp("key-change");
});
afterAll(() => app.close());
// The clock of the deployment never goes back, also from one test to the next.
let latest = 0;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Math.max(latest, Date.now()) });
});
afterEach(() => {
  latest = Date.now();
  vi.useRealTimers();
});

/** Whether Convex takes a token, asked as a client over HTTP asks. */
async function isTaken(token: string): Promise<boolean> {
  const client = new ConvexHttpClient(app.host.url, { logger: false });
  client.setAuth(token);
  return client.query(me, {}).then(
    (value) => value !== null,
    () => false,
  );
}

/** Asks for a token as clients do, which wait for as long as they are told. Counts in seconds of the clock. */
async function wayBack(browser: AuthSession) {
  const start = Date.now();
  for (let waits = 0, refused = 0; ;) {
    const { status, body, headers } = await browser.get("/convex/token?fresh=1");
    if (status === 200 && (await isTaken((body as { token: string }).token)))
      return { seconds: (Date.now() - start) / 1000, refused, waits };
    if (status === 200) refused += 1;
    else {
      expect([status, (body as { code: string }).code]).toEqual([503, "KEYS_CHANGING"]);
      waits += 1;
    }
    vi.setSystemTime(Date.now() + Number(headers.get("retry-after") ?? 1) * 1000);
  }
}

describe("nobody is locked out for longer than ten seconds", () => {
  it("when a key is withdrawn: its tokens are refused then, and no new one ever", async () => {
    const { browser } = await app.signUp("withdrawn");
    vi.setSystemTime(Date.now() + 60_000);
    const old = (await browser.token(false)) ?? "";
    expect(await isTaken(old)).toBe(true);
    const client = new ConvexHttpClient(app.host.url, { logger: false });
    await client.action(makeFunctionReference<"action">("auth:rotateKeys"), { compromised: true });
    expect(await wayBack(browser)).toEqual({ seconds: 10, refused: 0, waits: 1 });
    expect(await isTaken(old)).toBe(false);
  });

  it("when the secret changes", async () => {
    const { browser, email } = await app.signUp("secret");
    vi.setSystemTime(Date.now() + 60_000);
    expect(await isTaken((await browser.token(false)) ?? "")).toBe(true);
    await app.host.setEnv({ BETTER_AUTH_SECRET: randomBytes(32).toString("base64") });
    expect(await browser.token(false)).toBeNull();
    const again = await app.signIn(email);
    expect(again.cookie("better-auth.convex_jwt")).toBeUndefined();
    expect(await wayBack(again)).toEqual({ seconds: 10, refused: 0, waits: 1 });
    expect(again.cookie("better-auth.convex_jwt")).toBeDefined();
  });
});
