// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import type { Outcome } from "./support/fake-auth-client.js";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { mount, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

const FAULTS: Outcome[] = [
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: "2" },
  { kind: "status", status: 500 },
  { kind: "html" },
  { kind: "network" },
  { kind: "hang" },
];

useFakeTime();

describe.each(FAULTS)("a token request that comes to $kind $status", (fault) => {
  it("at a refresh leaves the user signed in and recovers", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown, status } = mount(convex, auth);
    await pass(1_000);
    auth.tokenOutcome = () => fault;
    void convex.refresh();
    await pass(12_000);
    expect(status()).toEqual({ session: "signedIn", degraded: true });
    const before = convex.identity();
    auth.tokenOutcome = () => ({ kind: "ok" });
    await pass(40_000);
    expect(status()).toEqual({ session: "signedIn", degraded: false });
    expect(shown).toEqual(["loading", "in"]);
    // Convex asks no more by itself after it was given the token that it had.
    expect(convex.identity()).not.toBe(before);
    expect(convex.count("set")).toBe(2);
    expect(convex.count("clear") + convex.count("failed")).toBe(0);
    expect(auth.flying.most).toBe(1);
  });

  it("at the start shows loading until there is a token", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.tokenOutcome = () => fault;
    const { shown, status } = mount(convex, auth);
    await pass(30_000);
    expect(shown).toEqual(["loading"]);
    expect(status()).toEqual({ session: "signedIn", degraded: true });
    auth.tokenOutcome = () => ({ kind: "ok" });
    await pass(40_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(status().degraded).toBe(false);
  });

  it("until the token has ended shows loading, not signed out", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.tokenLifeS = 60;
    const { shown } = mount(convex, auth);
    await pass(1_000);
    auth.tokenOutcome = () => fault;
    await pass(70_000);
    void convex.refresh();
    await pass(20_000);
    expect(shown).toEqual(["loading", "in", "loading"]);
    auth.tokenOutcome = () => ({ kind: "ok" });
    await pass(40_000);
    expect(shown).toEqual(["loading", "in", "loading", "in"]);
  });

  it("of the session leaves the user signed in and recovers", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown, status } = mount(convex, auth);
    await pass(1_000);
    auth.sessionOutcome = () => fault;
    void auth.signal();
    await pass(12_000);
    expect(status()).toEqual({ session: "signedIn", degraded: true });
    auth.sessionOutcome = () => ({ kind: "ok" });
    await pass(60_000);
    expect(status()).toEqual({ session: "signedIn", degraded: false });
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("set")).toBe(1);
  });
});

describe("requests for tokens", () => {
  it("that are forced at once are one", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const fetchers: ((options: { forceRefreshToken: boolean }) => Promise<unknown>)[] = [];
    const { setAuth } = convex;
    convex.setAuth = (fetch, ...rest) => {
      fetchers.push(fetch);
      setAuth(fetch, ...rest);
    };
    mount(convex, auth);
    await pass(1_000);
    const before = auth.requests.token;
    const [fetch] = fetchers;
    const both = Promise.all([
      fetch?.({ forceRefreshToken: true }),
      fetch?.({ forceRefreshToken: true }),
    ]);
    await pass(100);
    const [one, two] = await both;
    expect(one).toBe(two);
    expect(one).not.toBe(convex.identity());
    expect(auth.requests.token).toBe(before + 1);
    expect(auth.requests.fresh).toBe(1);
  });

  it("heed Retry-After", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.tokenOutcome = () => ({ kind: "status", status: 429, retryAfter: "20" });
    mount(convex, auth);
    // Convex asks twice when it gets no token.
    await pass(19_000);
    expect(auth.requests.token).toBe(2);
    await pass(2_000);
    expect(auth.requests.token).toBe(3);
  });

  it("grow rare while they fail", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.tokenOutcome = () => ({ kind: "status", status: 500 });
    mount(convex, auth);
    await pass(600_000);
    expect(auth.requests.token).toBeGreaterThan(20);
    expect(auth.requests.token).toBeLessThan(60);
  });

  it("get a new token after two hours of sleep", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    mount(convex, auth, { initialToken: tokenOf("a") });
    await pass(1_000);
    // A device asleep runs no timers, but its clock goes on.
    vi.setSystemTime(Date.now() + 7_200_000);
    const before = convex.identity();
    void convex.refresh();
    await pass(1_000);
    expect(convex.identity()).not.toBe(before);
    expect(auth.requests.token).toBe(1);
  });

  it("know how old a token is on a device whose clock is an hour ahead", async () => {
    const [convex, auth] = [recordingConvex({ reuse: false }), fakeAuthClient("a")];
    auth.serverAheadMs = -3_600_000;
    const { shown } = mount(convex, auth);
    await pass(2_000);
    const before = convex.identity();
    auth.tokenOutcome = () => ({ kind: "network" });
    void convex.refresh();
    await pass(2_000);
    expect(convex.identity()).toBe(before);
    expect(convex.count("failed")).toBe(0);
    expect(shown).toEqual(["loading", "in"]);
  });
});

describe("a Convex that refuses good tokens", () => {
  it("is offered another one ever more rarely", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    convex.setAuth = (fetch, onChange) => {
      convex.log.push("set");
      void fetch({ forceRefreshToken: false }).then(() => onChange(false));
    };
    const { shown, status } = mount(convex, auth);
    await pass(300_000);
    expect(shown).toEqual(["loading"]);
    expect(status()).toEqual({ session: "signedIn", degraded: true });
    expect(convex.count("set")).toBeGreaterThan(5);
    expect(convex.count("set")).toBeLessThan(30);
  });
});
