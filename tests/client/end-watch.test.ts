import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createEndWatch } from "../../js/client/end-watch.js";

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

it("waits for more days than a timer can count, and then calls once", () => {
  const due = vi.fn();
  const watch = createEndWatch(Date.now, due);
  watch.set(60 * DAY_MS);
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(due).toHaveBeenCalledTimes(1);
  watch.set(null);
  vi.advanceTimersByTime(DAY_MS);
  expect(due).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("calls ever more rarely while the end stays as it is, and anew for another end", () => {
  const due = vi.fn();
  const watch = createEndWatch(Date.now, due);
  watch.set(0);
  vi.advanceTimersByTime(3_600_000);
  expect(due.mock.calls.length).toBeLessThan(12);
  due.mockClear();
  const end = Date.now() + 60_000;
  watch.set(end);
  watch.set(end);
  // The pause of the last call goes on: an end that moves by itself is no reason to ask more often.
  vi.advanceTimersByTime(3_600_000);
  expect(due).toHaveBeenCalled();
});

it("goes by the clock that it is given", () => {
  const due = vi.fn();
  createEndWatch(() => Date.now() + 3_600_000, due).set(3_660_000);
  vi.advanceTimersByTime(59_000);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3_000);
  expect(due).toHaveBeenCalledTimes(1);
});
