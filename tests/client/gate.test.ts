import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../js/client/answers.js";
import { createGate } from "../../js/client/gate.js";
import { FETCH_TIMEOUT_MS } from "../../js/client/token-supply.js";
import { createTokenRequests, REQUEST_TIMEOUT_MS } from "../../js/client/token-request.js";
import { tokenOf } from "./support/jwt.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a gate", () => {
  it("lets listeners act on a sign-out before the fetcher tells of it", async () => {
    const gate = createGate({
      request: () => Promise.resolve({ kind: "signedOut" }),
      refetchSession: () => undefined,
      initialToken: tokenOf("a"),
    });
    let settled = false;
    const fetched = gate.fetchToken({ forceRefreshToken: true }).then((token) => {
      settled = true;
      return token;
    });
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    expect([gate.state().session.status, settled]).toEqual(["signedOut", false]);
    await vi.advanceTimersByTimeAsync(0);
    expect(await fetched).toBeNull();
  });

  it("takes a sign-out that is answered late for the end of the session that it was sent for", () => {
    const gate = createGate({
      request: () => new Promise(() => undefined),
      refetchSession: () => undefined,
      initialToken: tokenOf("a"),
    });
    gate.noteSignOut("begun");
    const data = { session: { id: "b" }, user: { id: "u" } };
    gate.observe({ data, error: null, isPending: false });
    gate.noteSignOut("done");
    expect(gate.state().session).toEqual({ status: "signedIn", sessionId: "b" });
    gate.noteSignOut("begun");
    gate.noteSignOut("done");
    expect(gate.state().session).toEqual({ status: "signedOut" });
    gate.pause();
  });

  it("gives the held token without a request, and never when a new one is asked for by force", async () => {
    const initialToken = tokenOf("a");
    const request = vi.fn((): Promise<Answer<string>> =>
      Promise.resolve({ kind: "value", value: tokenOf("a") }),
    );
    const gate = createGate({ request, refetchSession: () => undefined, initialToken });
    expect(await gate.fetchToken({ forceRefreshToken: false })).toBe(initialToken);
    expect(request).not.toHaveBeenCalled();
    expect(await gate.fetchToken({ forceRefreshToken: true })).not.toBe(initialToken);
    expect(request).toHaveBeenCalledExactlyOnceWith(true, expect.any(AbortSignal));
  });

  it("settles in time also when it waits behind a request that hangs", async () => {
    const gate = createGate({
      request: () => new Promise(() => undefined),
      refetchSession: () => undefined,
      initialToken: tokenOf("a", 5),
    });
    const settled = vi.fn();
    void gate.fetchToken({ forceRefreshToken: false }).then(settled);
    void gate.fetchToken({ forceRefreshToken: true }).then(settled);
    await vi.advanceTimersByTimeAsync(FETCH_TIMEOUT_MS);
    expect(settled.mock.calls).toEqual([[null], [null]]);
    gate.pause();
  });

  it("that was paused in trouble asks again when it goes on", async () => {
    let answer: Answer<string> = { kind: "failed" };
    const request = vi.fn(() => Promise.resolve(answer));
    const gate = createGate({
      request,
      refetchSession: () => undefined,
      initialToken: tokenOf("a"),
    });
    await gate.fetchToken({ forceRefreshToken: true });
    gate.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([request.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
    answer = { kind: "value", value: tokenOf("a") };
    gate.observe({ data: { session: { id: "a" } }, isPending: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(gate.state().trouble.token).toBe(false);
    expect(request).toHaveBeenCalledTimes(2);
    gate.pause();
  });
});

describe("token requests", () => {
  function setUp() {
    const log: string[] = [];
    const open: ((answer: Answer<string>) => void)[] = [];
    const requests = createTokenRequests(
      (fresh, signal) =>
        new Promise((resolve) => {
          log.push(fresh ? "fresh" : "cached");
          signal.addEventListener("abort", () => log.push("aborted"));
          open.push(resolve);
        }),
      (answer, asked) => log.push(`${asked ?? "-"} ${answer.kind}`),
    );
    return { log, open, requests };
  }

  const tick = () => vi.advanceTimersByTimeAsync(0);

  it("that need not be fresh share a fresh one", async () => {
    const { log, requests } = setUp();
    void requests.ask(true, "a");
    void requests.ask(false, "a");
    await tick();
    expect(log).toEqual(["fresh"]);
  });

  it("that must be fresh come after one that is not", async () => {
    const { log, open, requests } = setUp();
    void requests.ask(false, "a");
    void requests.ask(true, "a");
    void requests.ask(true, "a");
    await tick();
    expect(log).toEqual(["cached"]);
    open[0]?.({ kind: "value", value: "t" });
    await tick();
    expect(log).toEqual(["cached", "a value", "fresh"]);
  });

  it("for another session end the one under way", async () => {
    const { log, requests } = setUp();
    const left = requests.ask(true, "a");
    await tick();
    void requests.ask(false, "b");
    await tick();
    expect(await left).toEqual({ kind: "failed" });
    expect(log).toEqual(["fresh", "aborted", "a failed", "cached"]);
  });

  it("are given up when they take too long, or throw", async () => {
    const { log, requests } = setUp();
    const answer = requests.ask(true, "a");
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS);
    expect(await answer).toEqual({ kind: "failed" });
    expect(log).toEqual(["fresh", "aborted", "a failed"]);
    const throwing = createTokenRequests(
      () => {
        throw new Error("no network");
      },
      () => undefined,
    );
    expect(await throwing.ask(true, "a")).toEqual({ kind: "failed" });
  });
});
