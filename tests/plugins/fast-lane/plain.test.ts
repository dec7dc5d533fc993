/** What the fast lane answers in an app as README.md sets it up: as the full way does, and without the app's auth. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../../js/plugins/index.js";
import { SITE } from "../support/app.js";
import { createLaneApp, get, ORIGIN } from "./support.js";
import type { Code, LaneApp } from "./support.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const oneOrigin: Code = {};
const twoOrigins = (): Code => ({
  plugins: [crossDomain({ siteUrl: ORIGIN })],
  routes: { cors: true },
});

async function signedIn(app: LaneApp, email = "ada@example.com"): Promise<string> {
  const browser = app.browser(false);
  expect((await browser.signUp(email)).status).toBe(200);
  return browser.cookieHeader();
}

async function same(app: LaneApp, request: Request) {
  const { byLane, lane, full } = await app.both(request);
  expect(lane).toEqual(full);
  expect(byLane).toBe(true);
  return lane;
}

describe("on one origin", () => {
  const paths = [
    ["get-session", "/get-session"],
    ["get-session with the token", "/get-session?convexToken=true"],
    ["get-session without renewal", "/get-session?disableRefresh=true"],
    ["the token", "/convex/token"],
    ["the token by its old name", "/convex/get-token?disableRefresh=true"],
  ] as const;

  it.each(paths)("%s, signed in", async (_name, path) => {
    const app = createLaneApp(oneOrigin);
    await app.warm();
    const cookie = await signedIn(app);
    expect((await same(app, get(path, { cookie }))).status).toBe(200);
  });

  it.each(paths)("%s, signed out", async (_name, path) => {
    const app = createLaneApp(oneOrigin);
    await app.warm();
    await same(app, get(path));
  });

  it.each(["/convex/jwks", "/convex/.well-known/openid-configuration"])("%s", async (path) => {
    const app = createLaneApp(oneOrigin);
    await app.warm();
    await app.send(get("/convex/jwks"), false);
    expect((await same(app, get(path))).status).toBe(200);
  });

  it("a token that has to be signed: one query, one mutation, and it is kept", async () => {
    const app = createLaneApp(oneOrigin);
    await app.warm();
    const cookie =
      (await signedIn(app)).split("; ").find((each) => each.includes("session_token")) ?? "";
    const loads = app.loads();
    const answer = await app.send(get("/convex/token", { cookie }));
    const { token } = (await answer.json()) as { token: string };
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining(token)]);
    const full = await app.send(get("/convex/token", { cookie }), false);
    expect(((await full.json()) as { token: string }).token).toBe(token);
    expect(full.headers.getSetCookie()).toEqual(answer.headers.getSetCookie());
    expect(app.loads()).toBe(loads + 1);
  });
});

describe("on two origins", () => {
  it.each(["/get-session", "/get-session?convexToken=true", "/convex/token"])(
    "%s for a tab with its jar",
    async (path) => {
      const app = createLaneApp(twoOrigins());
      await app.warm();
      const jar = await signedIn(app);
      const headers = { "better-auth-cookie": jar, origin: ORIGIN, cookie: "other=1" };
      const { headers: told } = await same(app, get(path, headers));
      expect(told).toContain(`access-control-allow-origin: ${ORIGIN}`);
      await same(app, get(path, { "better-auth-cookie": "", origin: ORIGIN, cookie: jar }));
    },
  );

  it.each([ORIGIN, "https://evil.example", "null", SITE])("a preflight of %s", async (origin) => {
    const app = createLaneApp(twoOrigins());
    await app.warm();
    const request = new Request(`${SITE}/api/auth/sign-in/email`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    expect((await same(app, request)).status).toBe(204);
  });
});
