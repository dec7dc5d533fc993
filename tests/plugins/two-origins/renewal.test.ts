/** On two origins the tab's jar keeps the session alive as a browser's cookies do: by token requests alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decode } from "../support/app.js";
import { signedIn, signUp, tabOf, twoOriginApp } from "./support.js";

const SECOND = 1000;

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-01T00:00:00.000Z") }),
);
afterEach(() => void vi.useRealTimers());

const appOf = (session: object = {}) =>
  twoOriginApp({ options: { session: { expiresIn: 60, updateAge: 5, ...session } } });

describe("a tab of a session of 60 s", () => {
  it("stays signed in for as long as it asks for tokens, at one call more for each renewal", async () => {
    const app = appOf();
    const tab = tabOf(app);
    await signUp(tab);
    for (let second = 0; second < 300; second += 10) {
      vi.setSystemTime(Date.now() + 10 * SECOND);
      app.store.forgetCalls();
      const response = await tab.request("/convex/token?fresh=1");
      const { token } = (await response.json()) as { token: string };
      expect(decode(token).claims["exp"]).toBe(Date.now() / SECOND + 60);
      expect(app.store.calls).toMatchObject({ tokenContext: 1, renewing: 1, storeToken: 0 });
      // The cookies travel in the header for the tab, and none stays at the deployment's host.
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get("set-better-auth-cookie")).toMatch(/session_token=.*Max-Age=60/);
      expect(Object.keys(tab.cookies()).join()).not.toContain("convex_jwt");
    }
    expect(await signedIn(tab)).toBe("a@example.com");
  });

  it("is signed out 60 s after its last request", async () => {
    const tab = tabOf(appOf());
    await signUp(tab);
    vi.setSystemTime(Date.now() + 30 * SECOND);
    expect((await tab.request("/convex/token")).status).toBe(200);
    vi.setSystemTime(Date.now() + 60 * SECOND);
    expect((await tab.request("/convex/token")).status).toBe(401);
  });

  it("stays as it is where it is not to be remembered", async () => {
    const tab = tabOf(appOf());
    await tab.request("/sign-up/email", {
      body: {
        email: "a@example.com",
        password: "correct horse battery",
        name: "A",
        rememberMe: false,
      },
    });
    vi.setSystemTime(Date.now() + 3600 * SECOND);
    const response = await tab.request("/convex/token");
    expect(response.status).toBe(200);
    expect(response.headers.get("set-better-auth-cookie")).toBeNull();
  });
});
