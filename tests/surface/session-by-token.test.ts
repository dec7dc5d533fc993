/** An HTTP action that finds out who calls, from the request alone. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { readSessionToken } from "../../js/jwt/index.js";
import { createClient } from "../../js/server/index.js";
import { createComponentApp } from "../support/component-app.js";
import type { ComponentApp } from "../support/component-app.js";

const secret = "a-secret-of-the-tests-with-enough-length-0001";

afterEach(() => void vi.useRealTimers());

async function whoIs({ harness }: ComponentApp, headers: Headers) {
  const token = readSessionToken(headers, { secret, bearer: true });
  if (token === null) return null;
  return harness.t.action((ctx) =>
    createClient(harness.component).getSessionByToken(
      {
        runQuery: (...args) => {
          harness.calls.push("query");
          return ctx.runQuery(...args);
        },
      },
      token,
    ),
  );
}

describe("getSessionByToken", () => {
  it("finds session and user of a cookie or bearer token in one component query", async () => {
    const app = createComponentApp();
    const browser = app.browser();
    const response = await browser.signUp("ada@example.com");
    const { token } = (await response.json()) as { token: string };
    for (const headers of [
      new Headers({ cookie: browser.cookieHeader() }),
      new Headers({ authorization: `Bearer ${token}` }),
    ]) {
      app.harness.calls.length = 0;
      const found = await whoIs(app, headers);
      expect(found?.user).toMatchObject({ email: "ada@example.com", image: null });
      expect(found?.user._id).toBe(found?.session.userId);
      expect(app.harness.calls).toEqual(["query"]);
    }
    expect(await whoIs(app, new Headers({ authorization: "Bearer nobodys" }))).toBeNull();
    expect(await whoIs(app, new Headers({ cookie: "theme=dark" }))).toBeNull();
  });

  it("finds nothing once the session is revoked or over", async () => {
    const app = createComponentApp();
    const [ada, bob] = [app.browser(), app.browser()];
    await ada.signUp("ada@example.com");
    await bob.signUp("bob@example.com");
    const headersOf = (browser: typeof ada) => new Headers({ cookie: browser.cookieHeader() });
    const before = headersOf(ada);
    await ada.request("/sign-out", { body: {} });
    expect(await whoIs(app, before)).toBeNull();
    vi.useFakeTimers({ toFake: ["Date"] });
    expect(await whoIs(app, headersOf(bob))).not.toBeNull();
    vi.setSystemTime(Date.now() + 7 * 86_400_000 + 1000);
    expect(await whoIs(app, headersOf(bob))).toBeNull();
  });
});
