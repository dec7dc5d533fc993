/** `beforeCreate` in a transaction is asked before and with the commit: what it reads has to be the same, whatever was written. */
import { makeFunctionReference } from "convex/server";
import type { StorageActionWriter } from "convex/server";
import { ConvexError } from "convex/values";
import type { GenericId } from "convex/values";
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
function overtaken(
  triggers: AppTriggers,
  by: (ctx: MutationCtx) => Promise<unknown> = (ctx) =>
    ctx.db.insert("invited", { email: "first@example.com" }),
): TriggerApp {
  let done = false;
  const app: TriggerApp = createTriggerApp({
    triggers,
    async mutating(name, run) {
      const result = await run();
      if (name === "auth:writeWithTriggers" && !done) {
        done = true;
        await app.t.run((ctx) => by(ctx as never));
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

it.each<[string, (ctx: MutationCtx) => Promise<unknown[]>]>([
  ["a query", (ctx) => ctx.db.system.query("_storage").collect()],
  [
    "a look-up",
    async ({ db }) => {
      const [file] = await db.query("notes").collect();
      return [await db.system.get(file?.text as GenericId<"_storage">)].filter(Boolean);
    },
  ],
])("rests on what it reads of the system's tables by %s", async (_, read) => {
  const app = overtaken(
    {
      user: {
        beforeCreate: async (ctx) => ({ name: `${String((await read(ctx)).length)} files` }),
      },
    },
    async ({ db, storage }) => {
      const [file] = await db.query("notes").collect();
      await storage.delete(file?.text as string);
    },
  );
  await app.t.run(async ({ db, storage }) => {
    const text = await (storage as StorageActionWriter).store(new Blob(["a"]));
    await db.insert("notes", { text });
  });
  expect((await app.browser().signUp(email)).status).toBe(200);
  expect(await app.rows("user")).toMatchObject([{ name: "0 files" }]);
});

it("may read what it has scheduled itself, which has another id each time", async () => {
  const app = createTriggerApp({
    triggers: {
      user: {
        async beforeCreate({ db, scheduler }) {
          const job = makeFunctionReference<"mutation">("auth:writeWithTriggers");
          const id = await scheduler.runAfter(3_600_000, job, {});
          await scheduler.cancel(await scheduler.runAfter(3_600_000, job, {}));
          const jobs = await db.system.query("_scheduled_functions").collect();
          const found = await db.system.get(id);
          return { name: `${found?.name ?? "nothing"} of ${String(jobs.length)}` };
        },
      },
    },
  });
  expect((await app.browser().signUp(email)).status).toBe(200);
  expect(await app.rows("user")).toMatchObject([{ name: "auth:writeWithTriggers of 2" }]);
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
