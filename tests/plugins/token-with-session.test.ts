/** `GET /get-session?convexToken=true`: the answer that tells the session brings its JWT with it. */
import { bearer } from "better-auth/plugins/bearer";
import { customSession } from "better-auth/plugins/custom-session";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toldToken } from "../../js/plugins/shared/session-token.js";
import { createApp, decode, SITE } from "./support/app.js";
import type { App, AppOptions } from "./support/app.js";

const ASKED = "/get-session?convexToken=true";

afterEach(() => void vi.useRealTimers());

async function signedIn(options: AppOptions = {}) {
  const app = createApp(options);
  const browser = app.browser();
  await browser.signUp("ada@example.com");
  app.store.forgetCalls();
  return { app, browser, session: sessionOf(app) };
}

function sessionOf(app: App) {
  return app.tables["session"]?.[0] as { id: string; expiresAt: Date; updatedAt: Date };
}

/** All of an answer but what the header adds. */
async function plain(response: Response) {
  const ours = ["set-convex-token", "set-convex-token-times", "access-control-expose-headers"];
  const headers = [...response.headers].filter(([name]) => !ours.includes(name));
  return { status: response.status, headers, body: await response.text() };
}

describe("the answer", () => {
  it("is that of get-session, and tells the token, its session's end and the server's time", async () => {
    const { browser, session, app } = await signedIn();
    const before = Date.now();
    const [asked, bare] = [await browser.request(ASKED), await browser.request("/get-session")];
    const told = toldToken(asked.headers);
    expect(decode(told?.token ?? "").claims).toMatchObject({ iss: SITE, sessionId: session.id });
    expect(told?.sessionExpiresAt).toBe(session.expiresAt.getTime());
    expect(told?.now).toBeGreaterThanOrEqual(before);
    expect(told?.now).toBeLessThanOrEqual(Date.now());
    expect(asked.headers.get("access-control-expose-headers")).toBe(
      "set-convex-token, set-convex-token-times",
    );
    expect(asked.headers.get("cache-control")).toBe("no-store");
    expect(await plain(asked)).toEqual(await plain(bare));
    expect(toldToken(bare.headers)).toBeNull();
    // The token is the one that the token endpoint gives.
    expect(await browser.token()).toBe(told?.token);
    expect(app.logs).toEqual([]);
  });

  it("costs one query, and nothing where nobody is signed in or nobody asked", async () => {
    const { app, browser } = await signedIn();
    await browser.request(ASKED);
    expect(app.store.calls).toMatchObject({ tokenContext: 1, storeToken: 1 });
    app.store.forgetCalls();
    await browser.request(ASKED);
    expect(app.store.calls).toMatchObject({ tokenContext: 1, storeToken: 0 });
    app.store.forgetCalls();
    for (const path of ["/get-session", "/get-session?convexToken=false", "/list-sessions"])
      expect(toldToken((await browser.request(path)).headers)).toBeNull();
    const nobody = await app.browser().request(ASKED);
    expect(await nobody.text()).toBe("null");
    expect(toldToken(nobody.headers)).toBeNull();
    expect(app.store.calls).toMatchObject({ tokenContext: 0, storeToken: 0 });
  });

  it("renews as get-session does, and gives the token that it sets as a cookie", async () => {
    const { app, browser, session } = await signedIn();
    const end = session.expiresAt.getTime();
    vi.useFakeTimers({ now: Date.now() + 2 * 86_400_000, toFake: ["Date"] });
    const asked = await browser.request(ASKED);
    const told = toldToken(asked.headers);
    expect(told?.token).toBe(browser.cookie("convex_jwt"));
    expect(told?.sessionExpiresAt).toBeGreaterThan(end);
    expect(told?.sessionExpiresAt).toBe(sessionOf(app).expiresAt.getTime());
    expect(app.store.calls).toMatchObject({ tokenContext: 0, storeToken: 0 });
  });

  it("of customSession's endpoint is the same, and of a session that it hides it tells nothing", async () => {
    let hidden = false;
    const plugins = [customSession(async ({ user }) => (hidden ? (null as never) : { user }))];
    const { browser, session } = await signedIn({ plugins });
    const asked = await browser.request(ASKED);
    expect(Object.keys((await asked.clone().json()) as object)).toEqual(["user"]);
    expect(asked.headers.get("cache-control")).toBe("no-store");
    expect(decode(toldToken(asked.headers)?.token ?? "").claims["sessionId"]).toBe(session.id);
    hidden = true;
    expect(toldToken((await browser.request(ASKED)).headers)).toBeNull();
  });

  it("is given to a bearer, too", async () => {
    const { app, browser, session } = await signedIn({ plugins: [bearer()] });
    const authorization = `Bearer ${browser.cookie("session_token") ?? ""}`;
    const asked = await app.browser().request(ASKED, { headers: { authorization } });
    expect(decode(toldToken(asked.headers)?.token ?? "").claims["sessionId"]).toBe(session.id);
  });
});

describe("without a token", () => {
  it.each([
    ["its session is in the leeway before its end", { disableSessionRefresh: true }],
    ["it was revoked and only a cookie cache says otherwise", { cookieCache: { enabled: true } }],
  ])("the answer is what it is where %s", async (_, session) => {
    const { app, browser } = await signedIn({ options: { session } });
    if ("cookieCache" in session) app.tables["session"]?.splice(0);
    else sessionOf(app).expiresAt = new Date(Date.now() + 10_000);
    const asked = await browser.request(ASKED);
    expect(asked.status).toBe(200);
    expect(await asked.clone().json()).toMatchObject({ user: { email: "ada@example.com" } });
    expect(toldToken(asked.headers)).toBeNull();
  });

  it("nor where the keys cannot be read: the token endpoint tells why", async () => {
    const { app, browser } = await signedIn();
    app.store.tokenContext = () => Promise.reject(new Error("no"));
    const asked = await browser.request(ASKED);
    expect(asked.status).toBe(200);
    expect(toldToken(asked.headers)).toBeNull();
    expect(app.logs).toEqual([]);
  });
});
