/** What the link does not do to a Convex client that is busy with its identity. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createConvexLink } from "../../js/client/convex-link.js";
import { createGate } from "../../js/client/gate.js";
import { tokenOf } from "./support/jwt.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  let onChange: (is: boolean) => void = () => undefined;
  let onRefreshChange: (is: boolean) => void = () => undefined;
  const setAuth = vi.fn((_fetch: unknown, change: typeof onChange, refresh?: typeof onChange) => {
    onChange = change;
    onRefreshChange = refresh ?? onRefreshChange;
  });
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
    setAuth,
    observe,
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
