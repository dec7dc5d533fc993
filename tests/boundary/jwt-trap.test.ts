import { expect, test, vi } from "vitest";
import { isGateError } from "../../js/errors/index.js";
import { readSignedCookie } from "../../js/wasm/jwt.js";

const made = vi.hoisted(() => ({ instances: 0, drops: 0 }));

// The first instance traps as wasm does; later ones are sound.
vi.mock("../../js/wasm/load.js", () => {
  const make = (): { verify_cookie: () => string } => {
    const first = ++made.instances === 1;
    return {
      verify_cookie: () => {
        if (first) throw new WebAssembly.RuntimeError("unreachable");
        return "token";
      },
    };
  };
  let instance: ReturnType<typeof make> | undefined;
  return {
    lazy: () => ({
      get: () => (instance ??= make()),
      drop: () => {
        made.drops += 1;
        instance = undefined;
      },
    }),
  };
});

test("a trap is an internal fault, and the next call has a fresh instance", () => {
  let thrown: unknown;
  try {
    readSignedCookie("value", "secret");
  } catch (error) {
    thrown = error;
  }
  expect(isGateError(thrown, "INTERNAL_FAULT")).toBe(true);
  expect(made).toEqual({ instances: 1, drops: 1 });
  expect([readSignedCookie("value", "secret"), readSignedCookie("value", "secret")]).toEqual([
    "token",
    "token",
  ]);
  expect(made).toEqual({ instances: 2, drops: 1 });
});
