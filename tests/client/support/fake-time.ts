/** Time that passes when a test says so. */
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

/** For each test of a file: fake timers, and at its end nothing mounted or planned. `quiet` are methods of the console. */
export function useFakeTime(...quiet: ("error" | "warn")[]): void {
  beforeEach(() => {
    vi.useFakeTimers();
    for (const method of quiet) vi.spyOn(console, method).mockImplementation(() => undefined);
  });
  afterEach(async () => {
    cleanup();
    await vi.runOnlyPendingTimersAsync();
    vi.useRealTimers();
    if (quiet.length > 0) vi.restoreAllMocks();
  });
}
