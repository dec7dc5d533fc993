/** What a full request leaves for the fast lane: what is in it, for how long it holds, and what it saves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bearer } from "better-auth/plugins/bearer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COMPARED_VERSIONS } from "../../../js/plugins/convex/compared-versions.js";
import { createClient } from "../../../js/server/index.js";
import { createLaneApp, get, SECRET } from "./support.js";
import type { Code, LaneApp } from "./support.js";

const START = 1_800_000_000_000;
const DAY = 86_400_000;
const SESSION = "/get-session";
const TOKEN = "/convex/token";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** An app with facts, and Ada's cookies. */
async function ready(code: Code = {}): Promise<{ app: LaneApp; cookie: string }> {
  const app = createLaneApp(code);
  await app.warm();
  const browser = app.browser(false);
  expect((await browser.signUp("ada@example.com")).status).toBe(200);
  return { app, cookie: browser.cookieHeader() };
}

const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");

/** Whether the lane answers, and what of the component it calls. */
async function asked(app: LaneApp, request: Request) {
  const { loads, calls } = { loads: app.loads(), calls: app.calls.length };
  const answer = await app.send(request);
  return { answer, byLane: app.loads() === loads, calls: app.calls.slice(calls) };
}

const withoutJwt = (cookie: string): string =>
  cookie
    .split("; ")
    .filter((each) => each.includes("session_token"))
    .join();

describe("it saves", () => {
  it("all calls but one", async () => {
    const { app, cookie } = await ready();
    await app.send(get("/convex/jwks"), false);
    await app.send(get(TOKEN, { cookie }));
    for (const path of [SESSION, `${SESSION}?convexToken=true`, TOKEN, "/convex/jwks"]) {
      const { byLane, calls } = await asked(app, get(path, { cookie }));
      expect([path, byLane, calls]).toEqual([path, true, ["gate:lane"]]);
    }
  });

  it("all but two where a token has to be signed, and that one is kept", async () => {
    const { app, cookie } = await ready();
    await app.send(get("/convex/jwks"), false);
    vi.setSystemTime(START + 3_600_000);
    await app.warm();
    const request = get(TOKEN, { cookie: withoutJwt(cookie) });
    const { answer, byLane, calls } = await asked(app, request.clone());
    expect([byLane, calls]).toEqual([true, ["gate:lane", "gate:storeToken"]]);
    const { token } = (await answer.json()) as { token: string };
    expect(cookiesOf(answer)).toContain(token);
    expect(await (await app.send(request, false)).json()).toMatchObject({ token });
  });

  it("nothing where it can only be in vain: with an Authorization header nothing more is called", async () => {
    const { app, cookie } = await ready({ plugins: [bearer()] });
    const value = /session_token=([^;]*)/.exec(cookie)?.[1] ?? "";
    const authorization = `Bearer ${decodeURIComponent(value)}`;
    const { answer, byLane, calls } = await asked(app, get(SESSION, { authorization }));
    expect(await answer.json()).toMatchObject({ user: { email: "ada@example.com" } });
    expect(byLane).toBe(false);
    expect(calls).not.toContain("gate:lane");
  });

  it("the renewed session its next requests", async () => {
    const { app, cookie } = await ready();
    vi.setSystemTime(START + DAY + 1);
    await app.warm();
    const renewal = await asked(app, get(SESSION, { cookie }));
    expect(renewal.byLane).toBe(false);
    const renewed = cookiesOf(renewal.answer);
    expect(renewed).toContain("session_token");
    expect((await asked(app, get(SESSION, { cookie: renewed }))).byLane).toBe(true);
    expect((await asked(app, get(TOKEN, { cookie: renewed }))).byLane).toBe(true);
  });
});

describe("it holds", () => {
  it("for ten minutes, and is noted anew then", async () => {
    const { app } = await ready();
    vi.setSystemTime(START + 599_000);
    expect((await asked(app, get(SESSION))).byLane).toBe(true);
    vi.setSystemTime(START + 601_000);
    expect((await asked(app, get(SESSION))).byLane).toBe(false);
    expect((await asked(app, get(SESSION))).byLane).toBe(true);
  });

  it("for a version of Better Auth that it was compared with", async () => {
    const { app } = await ready();
    const init = vi.fn((context: { version: string }) => void (context.version = "1.7.999"));
    app.push({ plugins: [{ id: "other", init: init as never }] });
    await app.warm();
    expect(init).toHaveBeenCalled();
    expect((await asked(app, get(SESSION))).byLane).toBe(false);
  });

  it("for the versions that the page on it names", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/set-up.md"), "utf8");
    expect(page).toContain(`compared with: any but ${COMPARED_VERSIONS.join(", ")}.`);
  });

  it("for rows that say what is declared now: older ones are corrected by the full way, once", async () => {
    const { app, cookie } = await ready();
    const hidden = { type: "string", required: false, returned: false } as const;
    app.push({ options: { user: { additionalFields: { hidden } } } });
    await app.warm();
    expect((await asked(app, get(SESSION, { cookie }))).byLane).toBe(false);
    expect((await asked(app, get(SESSION, { cookie }))).byLane).toBe(true);
  });

  it("never where the app's auth has been evaluated before a request asks for it", async () => {
    const app = createLaneApp();
    app.push({ client: createClient(app.harness.component) });
    await app.warm();
    expect((await asked(app, get(SESSION))).byLane).toBe(false);
  });

  it("never where the routes say so, and then nothing is noted", async () => {
    const app = createLaneApp();
    await app.send(get(SESSION), false);
    expect(await app.harness.store().run("findMany", { model: "gateCatalogue" })).toEqual([]);
  });
});

it("names no secret, token or value of a variable", async () => {
  vi.stubEnv("OWN_VARIABLE", "a value of the app's");
  const { app } = await ready({
    get options() {
      return { appName: process.env["OWN_VARIABLE"] ?? "" };
    },
  });
  const rows = (await app.harness.store().run("findMany", { model: "gateCatalogue" })) as {
    text?: string;
  }[];
  const text = rows.map((each) => each.text ?? "").join();
  expect(text).toContain("OWN_VARIABLE");
  expect(text).not.toContain("a value of the app's");
  expect(text).not.toContain(SECRET);
});
