// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { fakeAuthClient } from "./support/fake-auth-client.js";
import { useFakeTime } from "./support/fake-time.js";
import { tokenOf } from "./support/jwt.js";
import { mount, pass } from "./support/mount.js";
import { recordingConvex } from "./support/recording-convex.js";

useFakeTime();

describe("cold load", () => {
  it("asks for the session once and for a token once", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown, status } = mount(convex, auth);
    await pass(1_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(auth.requests).toEqual({ session: 1, token: 1, fresh: 0 });
    expect(convex.count("set")).toBe(1);
    expect(convex.count("clear")).toBe(0);
    expect(status()).toEqual({ session: "signedIn", degraded: false });
  });

  it("takes one token more with a Convex client that fetches twice", async () => {
    const [convex, auth] = [recordingConvex({ reuse: false }), fakeAuthClient("a")];
    const { shown } = mount(convex, auth);
    await pass(1_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(auth.requests).toEqual({ session: 1, token: 2, fresh: 1 });
    expect(convex.count("set")).toBe(1);
  });

  it("shows signed out after an empty session, and asks for no token", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient(null)];
    const { shown } = mount(convex, auth);
    await pass(1_000);
    expect(shown).toEqual(["loading", "out"]);
    expect(auth.requests).toEqual({ session: 1, token: 0, fresh: 0 });
    expect(convex.log).toEqual([]);
  });

  it("keeps asking while the session cannot be read, and never shows signed out", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.sessionOutcome = () => ({ kind: "status", status: 500 });
    const { shown, status } = mount(convex, auth);
    await pass(20_000);
    expect(shown).toEqual(["loading"]);
    expect(status()).toEqual({ session: "unknown", degraded: true });
    auth.sessionOutcome = () => ({ kind: "ok" });
    await pass(31_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(status().degraded).toBe(false);
    expect(convex.count("set")).toBe(1);
  });

  it("gives up on a session request that hangs and asks again", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    auth.sessionOutcome = () => ({ kind: "hang" });
    const { shown, status } = mount(convex, auth);
    await pass(25_000);
    expect(status()).toEqual({ session: "unknown", degraded: true });
    expect(auth.requests.session).toBeGreaterThan(1);
    auth.sessionOutcome = () => ({ kind: "ok" });
    await pass(31_000);
    expect(shown).toEqual(["loading", "in"]);
  });
});

describe.each([{ strict: false }, { strict: true }])("initialToken, strict: $strict", (options) => {
  it.each([0, 50, 2_000])(
    "is not disturbed by a session that arrives after %i ms",
    async (delay) => {
      const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
      auth.delayMs = () => delay;
      const { shown } = mount(convex, auth, { initialToken: tokenOf("a"), ...options });
      await pass(5_000);
      expect(shown).toEqual(["loading", "in"]);
      expect(convex.count("set")).toBe(1);
      expect(convex.count("clear")).toBe(0);
      expect(auth.requests.token).toBe(0);
    },
  );

  it("is forgotten when the session turns out to be over", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient(null)];
    const { shown } = mount(convex, auth, { initialToken: tokenOf("a"), ...options });
    await pass(5_000);
    expect(shown).toEqual(["loading", "in", "out"]);
    expect(convex.count("clear")).toBe(1);
    expect(convex.identity()).toBeNull();
  });

  it("that has expired tells nothing", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const initialToken = tokenOf("a", 900, Date.now() - 1_000_000);
    const { shown } = mount(convex, auth, { initialToken, ...options });
    await pass(5_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(auth.requests.token).toBe(1);
  });
});

describe.each([{ strict: false }, { strict: true }])("initialState, strict: $strict", (options) => {
  it("is the server's word, whatever the clock of the device says of its token", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const token = tokenOf("a", 900, Date.now() - 1_000_000);
    const initialState = { session: "signedIn", token } as const;
    const { shown, status } = mount(convex, auth, { initialState, ...options });
    expect(status()).toEqual({ session: "signedIn", degraded: false });
    await pass(5_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("clear")).toBe(0);
    expect(auth.requests.token, "the one it has is not worth handing out").toBe(1);
  });

  it("of a session is signed in, as with its token", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const initialState = { session: "signedIn", token: tokenOf("a") } as const;
    const { shown, status } = mount(convex, auth, { initialState, ...options });
    expect(status()).toEqual({ session: "signedIn", degraded: false });
    await pass(5_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("set")).toBe(1);
    expect(convex.count("clear")).toBe(0);
    expect(auth.requests.token).toBe(0);
  });

  it("of nobody is signed out at once, and stays so", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient(null)];
    const initialState = { session: "signedOut", token: null } as const;
    const { shown, status } = mount(convex, auth, { initialState, ...options });
    expect(status()).toEqual({ session: "signedOut", degraded: false });
    await pass(5_000);
    expect(shown).toEqual(["out"]);
    expect(convex.count("set")).toBe(0);
    expect(convex.count("clear")).toBe(0);
  });

  it("of nobody gives way to a session that another tab began meanwhile", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const initialState = { session: "signedOut", token: null } as const;
    const { shown } = mount(convex, auth, { initialState, ...options });
    await pass(5_000);
    expect(shown).toEqual(["out", "in"]);
    expect(convex.count("set")).toBe(1);
  });

  it("of a server without an answer is degraded at once, and neither signed in nor out", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const initialState = { session: "unknown", token: null } as const;
    const { shown, status } = mount(convex, auth, { initialState, ...options });
    expect(status()).toEqual({ session: "unknown", degraded: true });
    await pass(5_000);
    expect(status()).toEqual({ session: "signedIn", degraded: false });
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("set")).toBe(1);
    expect(convex.count("clear")).toBe(0);
  });
});

describe("a change of session", () => {
  it("goes straight to the next one", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown } = mount(convex, auth);
    await pass(1_000);
    auth.session = "b";
    await pass(0);
    void auth.signal();
    await pass(1_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("set")).toBe(2);
    expect(convex.count("clear")).toBe(0);
    expect(auth.requests.token).toBe(2);
  });

  it("that a token shows first needs no call of setAuth", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown, status } = mount(convex, auth);
    await pass(1_000);
    auth.session = "b";
    void convex.refresh();
    await pass(1_000);
    expect(shown).toEqual(["loading", "in"]);
    expect(convex.count("set")).toBe(1);
    expect(status().session).toBe("signedIn");
    // Better Auth's store was told to look.
    expect(auth.requests.session).toBe(2);
  });
});

describe("signing out", () => {
  it("clears once", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown } = mount(convex, auth, { strict: true });
    await pass(1_000);
    auth.session = null;
    void auth.signal();
    await pass(1_000);
    expect(shown).toEqual(["loading", "in", "out"]);
    expect(convex.count("clear")).toBe(1);
    expect(convex.count("failed")).toBe(0);
  });

  // A skip carries its reason in the list of tests.
  it.skipIf(process.env["REACT_MAJOR"] === "18")(
    "by a 401 of the token endpoint clears once, after protected components are gone (within one step of time, where the act of React 18 shows nothing yet)",
    async () => {
      const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
      const { shown } = mount(convex, auth);
      await pass(1_000);
      auth.session = null;
      void convex.refresh();
      await pass(1_000);
      expect(shown).toEqual(["loading", "in", "out"]);
      expect(convex.log.filter((entry) => entry === "clear" || entry === "failed")).toEqual([
        "clear",
      ]);
    },
  );

  it("is not undone by a cache that still reports the session", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown } = mount(convex, auth);
    await pass(1_000);
    auth.tokenOutcome = () => ({ kind: "status", status: 401 });
    void convex.refresh();
    await pass(1_000);
    void auth.signal();
    await pass(60_000);
    expect(shown).toEqual(["loading", "in", "out"]);
  });

  it("and in again works", async () => {
    const [convex, auth] = [recordingConvex(), fakeAuthClient("a")];
    const { shown } = mount(convex, auth);
    await pass(1_000);
    auth.session = null;
    void auth.signal();
    await pass(1_000);
    auth.session = "b";
    void auth.signal();
    await pass(1_000);
    expect(shown).toEqual(["loading", "in", "out", "in"]);
    expect(convex.count("set")).toBe(2);
  });
});
