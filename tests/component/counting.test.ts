/** Counting a request for a rate limit needs nothing of the core: it is what a flood of requests costs. */
import { expect, it, vi } from "vitest";
import { createComponentHarness } from "../support/component-harness.js";

it("compiles none of the WebAssembly that the same module has for reads", async () => {
  const compiled = vi.spyOn(WebAssembly, "Module");
  const store = createComponentHarness({}).store();
  await store.rateLimits?.consume("203.0.113.21|/sign-in", { window: 10, max: 3 }, 86_400_000);
  expect(compiled).toHaveBeenCalledTimes(0);
  await store.run("findOne", { model: "user", where: [] });
  expect(compiled).toHaveBeenCalledTimes(1);
});
