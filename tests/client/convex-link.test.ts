/** What the link does not do to a Convex client that is busy with its identity. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConvexAuthTarget } from "../../js/client/convex-link.js";
import { createConvexLink } from "../../js/client/convex-link.js";
import { createGate } from "../../js/client/gate.js";
import { tokenOf } from "./support/jwt.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type ConvexFetch = Parameters<ConvexAuthTarget["setAuth"]>[0];

function setUp() {
  let onChange: (is: boolean) => void = () => undefined;
  let onRefreshChange: (is: boolean) => void = () => undefined;
  let fetchToken: ConvexFetch = () => Promise.resolve(null);
  const setAuth = vi.fn(
    (fetch: ConvexFetch, change: typeof onChange, refresh?: typeof onChange) => {
      fetchToken = fetch;
      onChange = change;
      onRefreshChange = refresh ?? onRefreshChange;
    },
  );
  let isDown = false;
  const gate = createGate({
    request: () =>
      Promise.resolve(
        isDown ? { kind: "failed" } : { kind: "value", value: tokenOf(session, 900, Date.now()) },
      ),
    refetchSession: () => undefined,
  });
  let session = "a";
  const observe = (id: string): void => {
    session = id;
    gate.observe({ data: { session: { id } }, isPending: false });
  };
  observe("a");
  const link = createConvexLink({ setAuth, clearAuth: () => undefined }, gate);
  link.hold({ onChange: () => undefined });
  onChange(true);
  return {
    gate,
    link,
    setAuth,
    fetch: () => fetchToken({ forceRefreshToken: true }),
    changed: (is: boolean) => onChange(is),
    observe,
    become: (id: string) => void (session = id),
    down: (is: boolean) => (isDown = is),
    refreshing: (is: boolean) => onRefreshChange(is),
  };
}

it("a token that comes back after an outage is not given to a Convex client that is fetching one", async () => {
  const { gate, setAuth, down, refreshing } = setUp();
  down(true);
  await gate.fetchToken({ forceRefreshToken: true });
  // The server refuses the old token; Convex stops its socket, and the outage ends while it does.
  refreshing(true);
  down(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(setAuth).toHaveBeenCalledTimes(1);
  // What Convex asks for itself then.
  expect(await gate.fetchToken({ forceRefreshToken: true })).not.toBeNull();
  refreshing(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(setAuth).toHaveBeenCalledTimes(1);
});

it("a token that comes back after an outage is given to a Convex client that is idle", async () => {
  const { gate, setAuth, down } = setUp();
  down(true);
  await gate.fetchToken({ forceRefreshToken: true });
  down(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(setAuth).toHaveBeenCalledTimes(2);
});

it("another session waits until Convex has finished to fetch a token", async () => {
  const { setAuth, observe, refreshing } = setUp();
  refreshing(true);
  observe("b");
  await vi.advanceTimersByTimeAsync(0);
  expect(setAuth).toHaveBeenCalledTimes(1);
  refreshing(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(setAuth).toHaveBeenCalledTimes(2);
});

it("whoever begins to wait for a session that Convex got by itself makes it tell whose it is", async () => {
  const { gate, link, setAuth, fetch, changed, become } = setUp();
  // Convex's own next token tells of the other session.
  become("b");
  await fetch();
  await vi.advanceTimersByTimeAsync(0);
  expect(gate.state().session).toEqual({ status: "signedIn", sessionId: "b" });
  const before = setAuth.mock.calls.length;
  const watcher = vi.fn();
  link.holder.subscribe(watcher);
  expect(setAuth).toHaveBeenCalledTimes(before + 1);
  await fetch();
  changed(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(link.holder.session()).toBe("b");
  expect(watcher).toHaveBeenCalled();
});
