/** `beforeCreate` in a transaction is asked before and with the commit: what it reads has to be the same, whatever was written. */
import { ConvexError } from "convex/values";
import { expect, it } from "vitest";
import type { AppTriggers, MutationCtx, TriggerApp } from "./support/app.js";
import { createTriggerApp } from "./support/app.js";

const email = "ada@example.com";

/** Counts in a row that all triggers share. */
async function counted(ctx: MutationCtx): Promise<number> {
  const [counter] = await ctx.db.query("notes").collect();
  const next = Number(counter?.text ?? 0) + 1;
  if (counter) await ctx.db.patch(counter._id, { text: String(next) });
  else await ctx.db.insert("notes", { text: String(next) });
  return next;
}

it("sees what the triggers of earlier rows wrote, when it is asked and when all is written", async () => {
  const app = createTriggerApp({
    triggers: {
      user: {
        async beforeCreate(ctx, { doc }) {
          await counted(ctx);
          await ctx.db.insert("profiles", { userId: doc.id, name: doc.name });
        },
      },
      session: {
        async beforeCreate(ctx, { doc }) {
          const profile = await ctx.db
            .query("profiles")
            .withIndex("by_userId", (q) => q.eq("userId", doc.userId))
            .unique();
          if (!profile) throw new ConvexError("Without a profile there is no session.");
          const page = await ctx.db.query("profiles").paginate({ numItems: 1, cursor: null });
          return { userAgent: `${String(await counted(ctx))} of ${String(page.page.length)}` };
        },
      },
    },
  });
  const response = await app.browser().signUp(email);
  expect([response.status, await app.signedUp()]).toEqual([200, "1,1,1"]);
  expect(await app.rows("session")).toMatchObject([{ userAgent: "2 of 1" }]);
  expect(await app.own("notes")).toMatchObject([{ text: "2" }]);
  expect(await app.own("profiles")).toHaveLength(1);
  // One asking of each, one of the user's for the session's sake, none again.
  expect(app.calls.filter(({ name }) => name === "auth:writeWithTriggers")).toHaveLength(3);
});

/** An app in which somebody commits between the question and the commit of a sign-up. */
function overtaken(triggers: AppTriggers): TriggerApp {
  let done = false;
  const app: TriggerApp = createTriggerApp({
    triggers,
    async mutating(name, run) {
      const result = await run();
      if (name === "auth:writeWithTriggers" && !done) {
        done = true;
        await app.t.run((ctx) => ctx.db.insert("invited", { email: "first@example.com" }));
      }
      return result;
    },
  });
  return app;
}

it("rests on what it reads after its own writes as well", async () => {
  const app = overtaken({
    user: {
      async beforeCreate(ctx) {
        await ctx.db.insert("notes", { text: String(Math.random()) });
        const [own, first] = await Promise.all([
          ctx.db.query("notes").collect(),
          ctx.db.query("invited").first(),
        ]);
        return { name: `${first ? "later" : "first"} ${String(own.length)}` };
      },
    },
  });
  expect((await app.browser().signUp(email)).status).toBe(200);
  expect(await app.rows("user")).toMatchObject([{ name: "later 1" }]);
});

it("is no refusal where Convex had no room, or what it called is at fault", async () => {
  const app = createTriggerApp({
    triggers: {
      user: {
        created() {
          throw Object.assign(new Error("busy"), {
            statusCode: 503,
            body: { code: "TOO_BUSY", message: "later" },
          });
        },
      },
    },
  });
  expect((await app.browser().signUp(email)).status).toBe(500);
  expect(await app.signedUp()).toBe("0,0,0");
});
