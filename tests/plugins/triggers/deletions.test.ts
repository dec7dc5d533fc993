/** Who must not be deleted stays as they are: able to sign in, and signed in. */
import { admin } from "better-auth/plugins/admin";
import { anonymous } from "better-auth/plugins/anonymous";
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Browser } from "../support/app.js";
import { PASSWORD } from "../support/app.js";
import type { AppTriggers, TriggerApp } from "./support/app.js";
import { createTriggerApp } from "./support/app.js";

const email = "ada@example.com";

/** Refuses until it is told not to. */
function keeping(): { triggers: AppTriggers; refuses: boolean } {
  const state = {
    refuses: true,
    triggers: {
      user: {
        beforeCreate: () => ({ role: "admin" }),
        deleted() {
          if (state.refuses) throw new ConvexError({ code: "OWNS_A_TEAM", message: "Not yet." });
        },
      },
    },
  };
  return state;
}

interface World {
  readonly app: TriggerApp;
  readonly browser: Browser;
  /** Another user's, an admin. */
  readonly root: Browser;
  readonly userId: string;
}

const ways: Record<string, (world: World) => Promise<boolean>> = {
  "/delete-user": async ({ browser }) =>
    (await browser.request("/delete-user", { body: { password: PASSWORD } })).ok,
  "/admin/remove-user": async ({ root, userId }) =>
    (await root.request("/admin/remove-user", { body: { userId } })).ok,
  "auth.api in a mutation": ({ app, browser }) =>
    app.inMutation((ctx) =>
      app
        .auth(ctx)
        .api.deleteUser({
          body: { password: PASSWORD },
          headers: { cookie: browser.cookieHeader() },
        })
        .then(yes, no),
    ),
  "$context in an action": ({ app, userId }) =>
    app.inAction(async (ctx) =>
      (await app.auth(ctx).$context).internalAdapter.deleteUser(userId).then(yes, no),
    ),
  "$context in a mutation": ({ app, userId }) =>
    app.inMutation(async (ctx) =>
      (await app.auth(ctx).$context).internalAdapter.deleteUser(userId).then(yes, no),
    ),
};
const yes = (): boolean => true;
const no = (): boolean => false;

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

describe.each(Object.entries(ways))("a deletion by %s", (_way, remove) => {
  it("that a trigger refuses leaves sessions and accounts, and the next one takes all", async () => {
    const state = keeping();
    const app = createTriggerApp({ triggers: state.triggers, plugins: [admin()] });
    const browser = app.browser();
    const { user } = (await (await browser.signUp(email)).json()) as { user: { id: string } };
    const root = app.browser();
    await root.signUp("root@example.com");
    const world = { app, browser, root, userId: user.id };
    const mine = async (table: string) =>
      (await app.rows(table)).filter(({ id, userId }) => [id, userId].includes(user.id)).length;

    expect(await remove(world)).toBe(false);
    expect([await mine("user"), await mine("account"), await mine("session")]).toEqual([1, 1, 1]);
    expect(await (await browser.request("/get-session")).json()).toMatchObject({ user: { email } });
    expect((await app.browser().signIn(email)).status).toBe(200);

    state.refuses = false;
    expect(await remove(world)).toBe(true);
    expect([await mine("user"), await mine("account"), await mine("session")]).toEqual([0, 0, 0]);
  });
});

it("a guest whose deletion is refused stays signed in", async () => {
  const state = keeping();
  const app = createTriggerApp({ triggers: state.triggers, plugins: [anonymous()] });
  const browser = app.browser();
  await browser.request("/sign-in/anonymous", { body: {} });
  expect((await browser.request("/delete-anonymous-user", { body: {} })).status).toBe(500);
  expect(await app.signedUp()).toBe("1,0,1");
  state.refuses = false;
  expect((await browser.request("/delete-anonymous-user", { body: {} })).status).toBe(200);
  expect(await app.signedUp()).toBe("0,0,0");
});

it("a hook of the app's that throws keeps all, and after-hooks come when it is done", async () => {
  const told: string[] = [];
  let refuses = true;
  const app = createTriggerApp({
    options: {
      databaseHooks: {
        session: { delete: { after: async () => void told.push("session is gone") } },
        user: {
          delete: {
            before: async () => {
              if (refuses) throw new Error("no");
            },
            after: async () => void told.push(await app.signedUp()),
          },
        },
      },
    },
  });
  const browser = app.browser();
  await browser.signUp(email);
  const remove = () => browser.request("/delete-user", { body: { password: PASSWORD } });
  expect((await remove()).ok).toBe(false);
  expect([told, await app.signedUp()]).toEqual([[], "1,1,1"]);
  refuses = false;
  expect((await remove()).status).toBe(200);
  expect(told).toEqual(["session is gone", "0,0,0"]);
});
