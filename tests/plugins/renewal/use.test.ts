/** A session that is used lives on, one that is not ends, and a session that cannot be renewed ends a leeway early. */
import type { BetterAuthOptions } from "better-auth";
import { admin } from "better-auth/plugins/admin";
import { bearer } from "better-auth/plugins/bearer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TOKEN_LEEWAY_MS } from "../../../js/plugins/shared/token-leeway.js";
import { PASSWORD } from "../support/app.js";
import { cookiesOf, createWorld, SECOND, wait, withEnds } from "./world.js";
import type { World } from "./world.js";

const LEEWAY_S = TOKEN_LEEWAY_MS / SECOND;
const START = new Date("2027-01-01T00:00:00.000Z");

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => void vi.useRealTimers());

/** Lets the world's browser act as another user. */
async function impersonate(world: World): Promise<void> {
  const run = world.app.harness.store().run;
  await run("update", {
    model: "user",
    where: [{ field: "email", value: "ada@example.com" }],
    update: { role: "admin" },
  });
  const other = withEnds(world.app.browser());
  await other.signUp("guest@example.com");
  const users = await world.app.rows("user");
  const guest = users.find(({ email }) => email === "guest@example.com");
  const response = await world.browser.request("/admin/impersonate-user", {
    body: { userId: guest?.["id"] },
  });
  expect(response.status).toBe(200);
}

describe("a session of 60 s that is renewed at the age of 5 s", () => {
  const session = { expiresIn: 60, updateAge: 5 };

  it.each(["", "?fresh=1"])("lives on with a token request every 10 s %s", async (query) => {
    const world = await createWorld({ session });
    for (let second = 10; second <= 600; second += 10) {
      wait(10);
      const answer = await world.token(query);
      expect(answer).toMatchObject({ sessionExpiresAt: Date.now() + 60 * SECOND, now: Date.now() });
      // The token ends with the session as it is now, and so does everything that stands for it.
      expect(answer?.exp).toBe(Date.now() / SECOND + 60);
      expect(await world.session()).toMatchObject({
        expiresAt: Date.now() + 60 * SECOND,
        updatedAt: Date.now(),
      });
      expect(answer && cookiesOf(answer.response)).toEqual({ session_token: 60, convex_jwt: 60 });
    }
    expect(await (await world.browser.request("/get-session")).json()).not.toBeNull();
  });

  it("ends 60 s after its last use", async () => {
    const world = await createWorld({ session });
    wait(30);
    expect(await world.token()).not.toBeNull();
    wait(60);
    expect(await world.token()).toBeNull();
    expect(await (await world.browser.request("/get-session")).json()).toBeNull();
  });

  it("is renewed where little of it is left", async () => {
    const world = await createWorld({ session });
    wait(59);
    expect(await world.token()).toMatchObject({ sessionExpiresAt: Date.now() + 60 * SECOND });
  });

  it("is left alone before it is due", async () => {
    const world = await createWorld({ session });
    wait(4);
    const answer = await world.token();
    expect(answer?.sessionExpiresAt).toBe(START.getTime() + 60 * SECOND);
    expect(answer && cookiesOf(answer.response)).not.toHaveProperty("session_token");
  });

  it("is left alone by a request that asks for that", async () => {
    const world = await createWorld({ session });
    wait(30);
    const answer = await world.token("?disableRefresh=true");
    expect(answer?.sessionExpiresAt).toBe(START.getTime() + 60 * SECOND);
    expect(answer?.exp).toBe(START.getTime() / SECOND + 60);
  });
});

describe("a session that cannot be renewed", () => {
  const cases: [string, BetterAuthOptions["session"], Record<string, unknown>, number][] = [
    [
      "disableSessionRefresh",
      { expiresIn: 600, updateAge: 5, disableSessionRefresh: true },
      {},
      600,
    ],
    ["updateAge is no less than expiresIn", { expiresIn: 600, updateAge: 3600 }, {}, 600],
    ["rememberMe: false", { expiresIn: 600, updateAge: 5 }, { rememberMe: false }, 86_400],
  ];

  it.each(cases)("is over a leeway before its end: %s", async (_name, session, signUp, life) => {
    const world = await createWorld({ session, signUp });
    wait(life - LEEWAY_S - 1);
    const last = await world.token("?fresh=1");
    // Its last token has more life than Convex's client wants to have before it.
    expect(last?.exp).toBe(START.getTime() / SECOND + life);
    wait(1);
    expect((await world.token("?fresh=1"))?.exp).toBe(START.getTime() / SECOND + life);
    wait(0.001);
    for (const query of ["", "?fresh=1"]) {
      expect(await world.token(query)).toBeNull();
      expect(world.browser.cookie("convex_jwt")).toBeUndefined();
    }
    expect(await world.session()).toMatchObject({ expiresAt: START.getTime() + life * SECOND });
  });

  it("is over a leeway before its end: an impersonation, with a cookie or without", async () => {
    const world = await createWorld({ plugins: [admin({ adminUserIds: ["root"] })] });
    await impersonate(world);
    // As a bearer token would, the session comes without the cookie that says that it is temporary.
    const name = [...world.browser.cookies.keys()].find((key) => key.endsWith("dont_remember"));
    world.browser.cookies.delete(name ?? "");
    wait(1800);
    expect((await world.token())?.sessionExpiresAt).toBe(START.getTime() + 3600 * SECOND);
    wait(1800 - LEEWAY_S + 1);
    expect(await world.token()).toBeNull();
  });

  it("one that would become due within the leeway is renewed at its beginning", async () => {
    const world = await createWorld({ session: { expiresIn: 60, updateAge: 55 } });
    wait(60 - LEEWAY_S);
    expect((await world.token())?.sessionExpiresAt).toBe(START.getTime() + 60 * SECOND);
    wait(1);
    expect((await world.token())?.sessionExpiresAt).toBe(Date.now() + 60 * SECOND);
  });
});

describe("rememberMe: false", () => {
  it("keeps cookies that end with the browser", async () => {
    const world = await createWorld({ signUp: { rememberMe: false } });
    wait(3600);
    const answer = await world.token();
    expect(answer && cookiesOf(answer.response)).toEqual({ convex_jwt: "tab" });
  });
});

/** What says that a session is to end is a cookie of Better Auth's, which a bearer token is without (docs/sessions.md). */
describe("by a bearer token alone", () => {
  const day = 86_400 * SECOND;
  const ask = async (world: World, path: string, session = world.session): Promise<number> => {
    const authorization = `Bearer ${String((await session())?.["token"])}`;
    const { status } = await world.app.browser().request(path, { headers: { authorization } });
    expect(status).toBe(200);
    return Number((await session())?.["expiresAt"]) - Date.now();
  };

  it.each([
    ["/get-session", 7 * day],
    ["/list-sessions", 7 * day],
    ["/convex/token", 7 * day],
    ["/get-session?disableRefresh=true", day],
    ["/convex/token?disableRefresh=true", day],
  ])("rememberMe: false at %s", async (path, life) => {
    const world = await createWorld({ plugins: [bearer()], signUp: { rememberMe: false } });
    expect(await ask(world, path)).toBe(life);
  });

  it.each([
    ["/get-session", 7 * day],
    ["/get-session?disableRefresh=true", 3600 * SECOND],
    ["/convex/token", 3600 * SECOND],
  ])("an impersonation at %s", async (path, life) => {
    const world = await createWorld({ plugins: [bearer(), admin({ adminUserIds: ["root"] })] });
    await impersonate(world);
    const impersonation = async () =>
      (await world.app.rows("session")).find((row) => row["impersonatedBy"]);
    expect(await ask(world, path, impersonation)).toBe(life);
  });
});

describe("a session shorter than the leeway", () => {
  it("has no tokens, and the log says why", async () => {
    const lines: string[] = [];
    const world = await createWorld({
      session: { expiresIn: 10 },
      options: {
        logger: { disabled: false, level: "warn", log: (_level, text) => void lines.push(text) },
      },
    });
    expect(await world.token()).toBeNull();
    expect(lines.join()).toContain("session.expiresIn");
  });
});

describe("a password that is changed", () => {
  it("gives a session with a life of its own", async () => {
    const world = await createWorld({ session: { expiresIn: 60, updateAge: 5 } });
    wait(30);
    await world.token();
    await world.browser.request("/change-password", {
      body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}!`, revokeOtherSessions: true },
    });
    wait(30);
    expect((await world.token())?.sessionExpiresAt).toBe(Date.now() + 60 * SECOND);
  });
});
