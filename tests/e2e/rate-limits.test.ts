/** A burst against an app that says nothing of rate limits but a rule, over HTTP on the local host. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SessionsApp } from "./sessions-app.js";
import { ORIGIN, PASSWORD, startSessionsApp } from "./sessions-app.js";

/** What the app allows in a window that no test outlasts. */
const MAX = 5;
let app: SessionsApp;
beforeAll(async () => {
  app = await startSessionsApp("rate-limits", { env: { NODE_ENV: "" }, edge: true });
  await app.signUp("ada");
});
afterAll(() => app.close());

const signIn = (ip: string, password = PASSWORD): Promise<Response> =>
  fetch(`${app.host.siteUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: ORIGIN, "content-type": "application/json", "x-forwarded-for": ip },
    body: JSON.stringify({ email: "ada@example.com", password }),
  });

it("50 sign-ins at once from one address are 5 answers and 45 refusals", async () => {
  const burst = Array.from({ length: 50 }, (_, index) =>
    signIn("203.0.113.9", index % 2 ? PASSWORD : "wrong"),
  );
  const answers = await Promise.all(burst);
  const refused = answers.filter(({ status }) => status === 429);
  const served = answers.filter(({ status }) => status === 200 || status === 401);
  expect([served.length, refused.length]).toEqual([MAX, answers.length - MAX]);
  for (const { headers } of refused) {
    const wait = Number(headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);
  }
});

it("another address is not affected, and a forged list of addresses does not make a new one", async () => {
  expect((await signIn("203.0.113.10")).status).toBe(200);
  expect((await signIn("198.51.100.7, 203.0.113.9")).status).toBe(429);
});

/** The component calls of a request, each with the documents that it read. */
async function costs(request: () => Promise<Response>, status: number): Promise<string[]> {
  const { metrics } = app.host;
  metrics.reset();
  expect((await request()).status).toBe(status);
  const { componentCalls } = metrics.snapshot();
  return componentCalls.map((call) => `${call.function} ${String(call.documentsRead)}`);
}

// The sign-in itself; the second look at the user is the admin plugin's.
const SIGNING_IN = ["gate:findOne 2", "gate:findOne 1", "gate:commit 2"];

let tries = 0;
it("counting costs one call and refusing no other", async () => {
  // A second try of this test begins a counter of its own.
  tries += 1;
  const once = (): Promise<Response> => signIn(`192.0.2.${String(tries)}`);
  expect(await costs(once, 200)).toEqual(["gate:consumeRate 0", ...SIGNING_IN]);
  for (let turn = 1; turn < MAX; turn += 1)
    expect(await costs(once, 200)).toEqual(["gate:consumeRate 1", ...SIGNING_IN]);
  expect(await costs(once, 429)).toEqual(["gate:consumeRate 1"]);
});

it("where limits are off nothing is asked", async () => {
  const off = await startSessionsApp("rate-limits-off", { env: { NODE_ENV: "development" } });
  try {
    await off.signUp("ada");
    off.host.metrics.reset();
    await off.signIn("ada@example.com");
    const calls = off.host.metrics.snapshot().componentCalls.map((call) => call.function);
    expect(calls).toEqual(["gate:findOne", "gate:findOne", "gate:commit"]);
  } finally {
    await off.close();
  }
});

it("asking for one's session and token costs nothing for it", async () => {
  const { browser } = await app.signUp("bob");
  const { metrics } = app.host;
  metrics.reset();
  expect((await browser.get("/get-session")).status).toBe(200);
  expect(await browser.token(true)).toMatch(/^ey/);
  const calls = metrics.snapshot().componentCalls.map((call) => call.function);
  expect(calls.filter((name) => /consume|incrementOne|findMany/.test(name))).toEqual([]);
});

it("passwords cannot be guessed without limit: 40 tries, of which 5 are judged", async () => {
  const statuses: number[] = [];
  for (let turn = 0; turn < 40; turn += 1)
    statuses.push((await signIn("203.0.113.44", `guess-${String(turn)}`)).status);
  expect(statuses.slice(0, MAX)).toEqual(Array.from({ length: MAX }, () => 401));
  expect(new Set(statuses.slice(MAX))).toEqual(new Set([429]));
});
