/** Keeps what a test is about out of its own log. */
import { onTestFinished, vi } from "vitest";

/** For the rest of the test that is running. */
export function quiet(): void {
  const log = vi.spyOn(console, "error").mockReturnValue();
  onTestFinished(() => log.mockRestore());
}
