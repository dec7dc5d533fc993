import { expect, it } from "vitest";
import { convexLimitExceeded } from "../../js/adapter/refusals.js";

it.each<[string, string, number]>([
  [
    "Uncaught Error: Too many bytes read in a single function execution (limit: 16777216 bytes).",
    "Too many bytes read",
    16_777_216,
  ],
  ["Too many reads in a single function execution (limit: 4096).", "Too many reads", 4096],
  ["Over. Too many writes in a single function execution (limit: 1)", "Too many writes", 1],
])("a limit is told from Convex's words: %s", (message, limit, most) => {
  expect(convexLimitExceeded(new Error(message))).toMatchObject({
    code: "LIMIT_EXCEEDED",
    meta: { limit, most },
  });
});

// It took minutes when the time grew with the square of the length.
it("an error that quotes a megabyte is looked at once", () => {
  expect(convexLimitExceeded(new Error("x".repeat(1_000_000)))).toBeUndefined();
  expect(convexLimitExceeded("Too many reads in a single function")).toBeUndefined();
});
