/** Triggers run in the transaction of the writes: all of a sign-up is there, with what they wrote, or nothing is. */
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PASSWORD } from "../support/app.js";
import type { AppTriggers, MutationCtx, TriggerApp } from "./support/app.js";
import { createTriggerApp } from "./support/app.js";

const email = "ada@example.com";
const person = { email, password: PASSWORD, name: "Ada" };

const profiles: AppTriggers = {
  user: {
    async created(ctx, { doc }) {
      await ctx.db.insert("profiles", { userId: doc.id, name: doc.name });
    },
  },
};

/** A sign-up over HTTP, in an action by `auth.api`, and in a mutation: whether it went through. */
const ways: Record<string, (app: TriggerApp) => Promise<boolean>> = {
  "over HTTP": async (app) => (await app.browser().signUp(email)).ok,
  "in an action": (app) =>
    app.inAction((ctx) => app.auth(ctx).api.signUpEmail({ body: person })).then(yes, no),
  "in a mutation": (app) =>
    app.inMutation(async (ctx) => {
      // The mutation goes on, and commits: what was refused must be gone all the same.
      const done = await app.auth(ctx).api.signUpEmail({ body: person }).then(yes, no);
      await ctx.db.insert("notes", { text: "went on" });
      return done;
    }),
};
const yes = (): boolean => true;
const no = (): boolean => false;

beforeEach(() => {
  // Better Auth logs errors that are none of its own.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

describe.each(Object.entries(ways))("a sign-up %s", (_way, signUp) => {
  it("commits with what its triggers wrote", async () => {
    const app = createTriggerApp({ triggers: profiles });
    expect(await signUp(app)).toBe(true);
    const [user] = await app.rows("user");
    expect(await app.own("profiles")).toMatchObject([
      { userId: user?.["id"], name: expect.stringMatching(/^ada$/i) },
    ]);
    expect(await app.signedUp()).toBe("1,1,1");
  });

  const steps = ["user", "account", "session"].flatMap((model) =>
    (["beforeCreate", "created"] as const).map((event) => [model, event] as const),
  );
  it.each(steps)("leaves nothing when %s.%s throws", async (model, event) => {
    let on = true;
    const triggers: AppTriggers = {
      user: { ...profiles.user },
      [model]: {
        ...(model === "user" && profiles.user),
        async [event](ctx: MutationCtx) {
          await ctx.db.insert("profiles", { userId: "nobody", name: "left behind" });
          if (on) throw new Error("killed");
        },
      },
    };
    const app = createTriggerApp({ triggers });
    expect(await signUp(app)).toBe(false);
    expect(await app.signedUp()).toBe("0,0,0");
    expect(await app.own("profiles")).toEqual([]);
    on = false;
    expect(await signUp(app)).toBe(true);
    expect(await app.signedUp()).toBe("1,1,1");
  });
});

describe("a refusal", () => {
  it("reaches the client with the trigger's code and message", async () => {
    for (const event of ["beforeCreate", "created"] as const) {
      const app = createTriggerApp({
        triggers: {
          user: {
            [event]() {
              throw new ConvexError({ code: "NOT_INVITED", message: "Ask for an invitation." });
            },
          },
        },
      });
      const response = await app.browser().signUp(email);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        code: "NOT_INVITED",
        message: "Ask for an invitation.",
      });
      expect(await app.signedUp()).toBe("0,0,0");
    }
  });

  it("has the status that the trigger names", async () => {
    const app = createTriggerApp({
      triggers: {
        user: {
          beforeCreate() {
            throw new ConvexError({ code: "FULL", message: "No seats.", status: 402 });
          },
        },
      },
    });
    expect((await app.browser().signUp(email)).status).toBe(402);
  });

  it("by false is Better Auth's own", async () => {
    const app = createTriggerApp({ triggers: { user: { beforeCreate: () => false } } });
    const response = await app.browser().signUp(email);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "FAILED_TO_CREATE_USER",
      message: "Failed to create user",
    });
    expect(await app.signedUp()).toBe("0,0,0");
  });

  it("of a session that is to be revoked is a ConvexError", async () => {
    const app = createTriggerApp({
      triggers: {
        session: {
          deleted() {
            throw new ConvexError({ code: "BUSY", message: "Not now." });
          },
        },
      },
    });
    await app.browser().signUp(email);
    const [session] = await app.rows("session");
    const revoked = app.inMutation((ctx) => app.client.revokeSession(ctx, String(session?.["id"])));
    await expect(revoked).rejects.toMatchObject({ data: { code: "BUSY", message: "Not now." } });
    expect(await app.signedUp()).toBe("1,1,1");
  });
});
