/** What the component keeps of tokens and keys, and when it forgets them. */
import { admin } from "better-auth/plugins/admin";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { JWKS_MAX_AGE_S } from "../../js/plugins/convex/key-set.js";
import { decode, PASSWORD } from "../plugins/support/app.js";
import type { Browser } from "../plugins/support/app.js";
import { createComponentApp } from "../support/component-app.js";
import type { ComponentApp } from "../support/component-app.js";

async function signedIn(app: ComponentApp, email = "ada@example.com") {
  const browser = app.browser();
  expect((await browser.signUp(email)).status).toBe(200);
  const token = await browser.token();
  const session = String(decode(token).claims["sessionId"]);
  return { browser, session, user: String(decode(token).claims["sub"]) };
}

const cachedSessions = async (app: ComponentApp): Promise<string[]> =>
  (await app.rows("gateTokens")).map(({ sessionId }) => String(sessionId)).sort();

describe("50 concurrent first requests", () => {
  it(
    "make one key in the component, and all their tokens verify",
    { timeout: 60_000 },
    async () => {
      const app = createComponentApp();
      const browser = app.browser();
      await browser.signUp("ada@example.com");
      // As on a deployment whose keys were lost: the JWT cookie of the sign-up made one.
      const made = await app.rows("gateKeys");
      for (const { id } of made)
        await app.harness.store().run("delete", {
          model: "gateKeys",
          where: [{ field: "id", value: String(id) }],
        });
      const tokens = await Promise.all(Array.from({ length: 50 }, () => browser.token("?fresh=1")));
      const keys = await app.rows("gateKeys");
      expect(keys).toHaveLength(1);
      const served = createLocalJWKSet(await (await browser.request("/convex/jwks")).json());
      for (const token of tokens) {
        const { protectedHeader } = await jwtVerify(token, served, { audience: "convex" });
        expect(protectedHeader.kid).toBe(keys[0]?.["id"]);
      }
      expect(new Set(tokens).size).toBe(50);
      expect(await app.rows("gateTokens")).toHaveLength(1);
    },
  );
});

describe("a cached token dies", () => {
  type Ending = (around: {
    app: ComponentApp;
    ada: Browser;
    adaId: string;
    session: string;
    administrator: Browser;
  }) => Promise<unknown>;

  const endings: [string, Ending][] = [
    ["a sign-out", ({ ada }) => ada.request("/sign-out", { body: {} })],
    [
      "a password change that revokes the other sessions",
      ({ ada }) =>
        ada.request("/change-password", {
          body: {
            currentPassword: PASSWORD,
            newPassword: `${PASSWORD}!`,
            revokeOtherSessions: true,
          },
        }),
    ],
    ["the revocation of all sessions", ({ ada }) => ada.request("/revoke-sessions", { body: {} })],
    ["the deletion of its user", ({ ada }) => ada.request("/delete-user", { body: {} })],
    [
      "a ban",
      ({ administrator, adaId }) =>
        administrator.request("/admin/ban-user", { body: { userId: adaId } }),
    ],
    [
      "the removal by an administrator",
      ({ administrator, adaId }) =>
        administrator.request("/admin/remove-user", { body: { userId: adaId } }),
    ],
    [
      "revokeSession",
      ({ app: { harness }, session }) =>
        harness.t.action((ctx) =>
          ctx.runMutation(harness.component.sessions.revoke, { sessionId: session }),
        ),
    ],
    [
      "revokeUserSessions",
      ({ app: { harness }, adaId }) =>
        harness.t.action((ctx) =>
          ctx.runMutation(harness.component.sessions.revokeAll, { userId: adaId }),
        ),
    ],
  ];

  it.each(endings)("with %s, and no other session's does", async (_name, end) => {
    const app = createComponentApp({
      plugins: [admin()],
      options: { user: { deleteUser: { enabled: true } } },
    });
    const ada = await signedIn(app);
    const root = await signedIn(app, "root@example.com");
    await app.harness.store().run("update", {
      model: "user",
      where: [{ field: "id", value: root.user }],
      update: { role: "admin" },
    });
    expect(await cachedSessions(app)).toEqual([ada.session, root.session].sort());
    const cookie = ada.browser.cookieHeader();
    const again = () => app.browser().request("/convex/token", { headers: { cookie } });
    expect((await again()).status).toBe(200);
    await end({
      app,
      ada: ada.browser,
      adaId: ada.user,
      session: ada.session,
      administrator: root.browser,
    });
    expect(await cachedSessions(app)).toEqual([root.session]);
    // With the cookies of before: the session is gone, whatever they say.
    expect((await again()).status).toBe(401);
  });

  it("with the retirement of its key, and the next request signs with another", async () => {
    const app = createComponentApp();
    const { browser } = await signedIn(app);
    const kid = decode(await browser.token()).header["kid"];
    await app.auth().api.rotateConvexKeys({ body: { compromised: true } });
    expect(await app.rows("gateTokens")).toEqual([]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + JWKS_MAX_AGE_S * 1000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(decode(await browser.token()).header["kid"]).not.toBe(kid);
    expect(await app.rows("gateTokens")).toHaveLength(1);
  });

  it("is never kept without the cache, and each request signs", async () => {
    const app = createComponentApp({ convexOptions: { jwtCache: false } });
    const { browser } = await signedIn(app);
    app.harness.calls.length = 0;
    const [one, two] = [await browser.token("?fresh=1"), await browser.token("?fresh=1")];
    expect(one).not.toBe(two);
    expect(app.harness.calls).toEqual(["query", "query"]);
    expect(await app.rows("gateTokens")).toEqual([]);
  });
});
