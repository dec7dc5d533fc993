// @vitest-environment jsdom
/** What `customSession` answers need not hold a session: who is told a user is signed in. */
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { customSession } from "better-auth/plugins";
import { readSnapshot } from "../../js/client/session-snapshot.js";
import { createComponentApp } from "../support/component-app.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { tokenOf } from "./support/jwt.js";
import { mount, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function setUp(answer: unknown = { user: { id: "user", name: "Ada" }, roles: ["admin"] }) {
  const auth = fakeAuthClient("a");
  auth.answerOf = () => answer;
  const convex = recordingConvex();
  return { auth, convex };
}

describe("a customSession without a session", () => {
  it.each([
    ["with the user's id", { user: { id: "user" } }],
    ["with an id of the app's own", { user: { id: "profile-1" }, session: {} }],
    ["without one", { user: { name: "Ada" }, session: { roles: [] } }],
  ])("is signed in, %s, and has a token", async (_name, answer) => {
    const { auth, convex } = setUp(answer);
    const app = mount(convex, auth);
    await pass(2_000);
    expect(app.shown).toEqual(["loading", "in"]);
    expect(app.status()).toEqual({ session: "signedIn", degraded: false });
    expect(auth.requests).toMatchObject({ session: 1, token: 1 });
    expect(convex.count("set")).toBe(1);
    // Asked again, as on focus, it is the same session.
    void auth.signal();
    await pass(2_000);
    expect(app.shown).toEqual(["loading", "in"]);
    expect(auth.requests).toMatchObject({ session: 2, token: 1 });
  });

  it("stays the session that the page was rendered with", async () => {
    const { auth, convex } = setUp();
    const app = mount(convex, auth, { initialToken: tokenOf("a") });
    await pass(2_000);
    expect(app.shown).toEqual(["loading", "in"]);
    expect(auth.requests.token).toBe(0);
    expect(convex.count("set")).toBe(1);
  });

  it("has its token as soon as that can be had", async () => {
    const { auth, convex } = setUp();
    auth.tokenOutcome = () => ({ kind: "status", status: 500 });
    const app = mount(convex, auth);
    await pass(3_000);
    expect(app.status()).toEqual({ session: "signedIn", degraded: true });
    auth.tokenOutcome = () => ({ kind: "ok" });
    await pass(60_000);
    expect(app.shown.at(-1)).toBe("in");
    expect(app.status()).toEqual({ session: "signedIn", degraded: false });
  });

  it("ends with a 401 of the token endpoint, is not asked about in circles, and can begin anew", async () => {
    const { auth, convex } = setUp();
    const app = mount(convex, auth);
    await pass(2_000);
    // The server goes on telling of the user, as a cache may.
    auth.tokenOutcome = () => ({ kind: "status", status: 401 });
    void convex.refresh();
    await pass(60_000);
    expect(app.shown.at(-1)).toBe("out");
    expect(auth.requests.session).toBeLessThan(5);
    expect(auth.requests.token).toBeLessThan(5);
    auth.session = null;
    void auth.signal();
    await pass(2_000);
    auth.session = "b";
    auth.tokenOutcome = () => ({ kind: "ok" });
    void auth.signal();
    await pass(2_000);
    expect(app.shown.at(-1)).toBe("in");
  });

  it("becomes another user's when it says so", async () => {
    const { auth, convex } = setUp();
    const app = mount(convex, auth);
    await pass(2_000);
    auth.answerOf = () => ({ user: { id: "other" } });
    void auth.signal();
    await pass(2_000);
    expect(auth.requests.token).toBe(2);
    expect(app.status().session).toBe("signedIn");
  });
});

it("Better Auth's own answer is read as it is", async () => {
  vi.useRealTimers();
  const app = createComponentApp({
    plugins: [customSession(({ user }) => Promise.resolve({ user, roles: ["admin"] }))],
  });
  const browser = app.browser();
  await browser.signUp("ada@example.com");
  const read = async () => {
    const data = (await (await browser.request("/get-session")).json()) as unknown;
    return readSnapshot({ data, error: null, isPending: false }).answer?.kind;
  };
  expect(await read()).toBe("value");
  await browser.request("/sign-out", { body: {} });
  expect(await read()).toBe("signedOut");
});
