/** `BETTER_AUTH_SECRETS` as Better Auth reads it: which of its secrets is the current one, and what it refuses. */
import { betterAuth } from "better-auth/minimal";
import { afterEach, expect, it, vi } from "vitest";
import { secretVersions } from "../../js/utils/secrets.js";

afterEach(() => void vi.unstubAllEnvs());

const [ONE, TWO] = ["first-secret-with-enough-length-0001", "second-secret-of-enough-length-02"];

it.each([
  `1:${ONE}`,
  `2:${TWO},1:${ONE}`,
  `1:${ONE},2:${TWO}`,
  ` 2 : ${TWO} , 1:${ONE}\n`,
  `2:${TWO}:with:colons,1:${ONE}`,
  `0:${ONE}`,
  `7th:${ONE}`,
  ONE,
  " ",
  `:${ONE}`,
  `v1:${ONE}`,
  `-1:${ONE}`,
  "1:",
  "1: ",
  `2:${TWO},${ONE}`,
  `2:${TWO},1:`,
  `2:${TWO},`,
  `1:${TWO},1:${ONE}`,
  `1:${TWO},01:${ONE}`,
])("%j", async (list) => {
  vi.stubEnv("BETTER_AUTH_SECRETS", list);
  const context = Promise.resolve(
    betterAuth({ baseURL: "https://a.example", logger: { disabled: true } }).$context,
  );
  const current = await context.then(
    ({ secret }) => secret,
    () => undefined,
  );
  expect(secretVersions(list)?.[0].value).toBe(current);
});
