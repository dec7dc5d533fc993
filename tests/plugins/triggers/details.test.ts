/** What triggers are given and may do, what becomes of them when a transaction is run again, and what they cost. */
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { describe, expect, it } from "vitest";
import { missingWriter } from "../../../js/adapter/trigger-protocol.js";
import { makeOptimistic } from "../../host/optimistic.js";
import type { Concurrency } from "../../host/optimistic.js";
import type { AppTriggers, MutationCtx, TriggerApp } from "./support/app.js";
import { createTriggerApp } from "./support/app.js";

const email = "ada@example.com";

const withProfile = async (ctx: MutationCtx, { doc }: { doc: { id: string; name: string } }) =>
  void (await ctx.db.insert("profiles", { userId: doc.id, name: doc.name }));

const isAllowed = async (ctx: MutationCtx, address: string): Promise<boolean> =>
  (await ctx.db
    .query("invited")
    .withIndex("by_email", (q) => q.eq("email", address))
    .first()) !== null;

const allow = (app: TriggerApp, address: string): Promise<unknown> =>
  app.t.run((ctx) => ctx.db.insert("invited", { email: address }));

describe("rows", () => {
  const options = {
    user: {
      fields: { name: "fullName" },
      additionalFields: {
        settings: { type: "json", required: false },
        secret: { type: "string", required: false, returned: false },
        since: { type: "date", required: false },
      },
    },
    account: { modelName: "logins", fields: { providerId: "provider" } },
  } as const;

  it("are what getAuthUser gives: names of the app, dates in ms, json as values, nothing hidden", async () => {
    const seen: Record<string, unknown>[] = [];
    const app = createTriggerApp({
      options,
      triggers: {
        user: {
          beforeCreate: (_ctx, { doc }) => {
            seen.push(doc);
            return { name: "Countess", settings: { theme: "dark" }, since: 12_345, secret: "s" };
          },
          created: (_ctx, { doc }) => seen.push(doc),
          updated: (_ctx, { doc, before }) => seen.push({ before: before.name, after: doc.name }),
        },
        account: { created: (_ctx, { doc }) => seen.push(doc) },
      },
    });
    const browser = app.browser();
    const response = await browser.signUp(email);
    const { user } = (await response.json()) as { user: Record<string, unknown> };
    // What the trigger set is what the client is told.
    expect(user).toMatchObject({ name: "Countess", email, settings: { theme: "dark" } });
    await browser.request("/update-user", { body: { name: "Lady" } });
    const given = { _id: user["id"], id: user["id"], email, emailVerified: false, image: null };
    const times = { createdAt: expect.any(Number), updatedAt: expect.any(Number) };
    expect(seen[0]).toEqual({ ...given, ...times, name: "ada" });
    const { id: _id, ...stored } = given;
    const created = seen.find((row) => row["since"] !== undefined);
    expect(created).toEqual({
      ...stored,
      ...times,
      id: user["id"],
      name: "Countess",
      settings: { theme: "dark" },
      since: 12_345,
    });
    const account = seen.find((row) => "providerId" in row);
    expect(account).toMatchObject({ providerId: "credential", userId: user["id"] });
    expect(account).not.toHaveProperty("password");
    expect(seen.at(-1)).toEqual({ before: "Countess", after: "Lady" });
    expect(await app.rows("user")).toMatchObject([
      { fullName: "Lady", settings: '{"theme":"dark"}', secret: "s" },
    ]);
  });

  it("keep their id, whatever beforeCreate says", async () => {
    const app = createTriggerApp({
      triggers: { user: { beforeCreate: (_ctx, { doc }) => ({ ...doc, id: "x", _id: "x" }) } },
    });
    const response = await app.browser().signUp(email);
    const { user } = (await response.json()) as { user: { id: string } };
    expect(user.id).toHaveLength(32);
    expect(await app.rows("account")).toMatchObject([{ userId: user.id }]);
  });
});

describe("a trigger's own writes", () => {
  it("to its row have no triggers, and to others have", async () => {
    const told: string[] = [];
    const app: TriggerApp = createTriggerApp({
      triggers: {
        user: {
          async created(ctx, { doc }) {
            const { adapter } = await app.auth(ctx).$context;
            await adapter.update({
              model: "user",
              where: [{ field: "id", value: doc.id }],
              update: { name: "Written again" },
            });
            await adapter.update({
              model: "account",
              where: [{ field: "userId", value: doc.id }],
              update: { scope: "all" },
            });
          },
          updated: () => told.push("user.updated"),
        },
        account: {
          async updated(ctx, { doc }) {
            told.push("account.updated");
            const { adapter } = await app.auth(ctx).$context;
            // Both rows are in the course of being told of.
            for (const [model, id] of [
              ["user", doc.userId],
              ["account", doc.id],
            ] as const)
              await adapter.update({
                model,
                where: [{ field: "id", value: id }],
                update: { updatedAt: new Date(1) },
              });
          },
        },
      },
    });
    expect((await app.browser().signUp(email)).status).toBe(200);
    expect(told).toEqual(["account.updated"]);
    expect(await app.rows("user")).toMatchObject([{ name: "Written again", updatedAt: 1 }]);
    expect(await app.rows("account")).toMatchObject([{ scope: "all", updatedAt: 1 }]);
  });

  it("of a write that is refused are gone with it", async () => {
    const app = createTriggerApp({
      triggers: { user: { beforeCreate: (ctx) => void ctx.db.insert("notes", { text: "asked" }) } },
    });
    await app.browser().signUp(email);
    expect(await app.own("notes")).toHaveLength(1);
    const again = app.inAction(async (ctx) => {
      const { adapter } = await app.auth(ctx).$context;
      return adapter.create({
        model: "user",
        data: {
          email,
          name: "Eve",
          emailVerified: false,
          createdAt: new Date(),
          updatedAt: new Date(),
        },
      });
    });
    await expect(again).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    expect(await app.own("notes")).toHaveLength(1);
  });
});

describe("beforeCreate in a transaction", () => {
  it("leaves no trace of the first asking, and what it gives stands: times and lots too", async () => {
    let asked = 0;
    const app = createTriggerApp({
      triggers: {
        user: {
          async beforeCreate(ctx) {
            asked += 1;
            await ctx.db.insert("notes", { text: "asked" });
            return { name: `number ${String(asked)}` };
          },
        },
      },
    });
    const response = await app.browser().signUp(email);
    const { user } = (await response.json()) as { user: { name: string } };
    expect(asked).toBe(2);
    expect(await app.own("notes")).toHaveLength(1);
    expect([user.name, (await app.rows("user"))[0]?.["name"]]).toEqual(["number 1", "number 1"]);
  });

  it("is asked again when what it read has changed", async () => {
    let overtaken = false;
    const app: TriggerApp = createTriggerApp({
      triggers: {
        user: {
          async beforeCreate(ctx, { doc }) {
            const isFirst = (await ctx.db.query("notes").first()) === null;
            if (!(await isAllowed(ctx, doc.email))) throw new ConvexError("Not on the list.");
            return { name: isFirst ? "first" : "later" };
          },
          created: withProfile,
        },
      },
      async mutating(name, run) {
        // Somebody commits between the question and the commit.
        const result = await run();
        if (name === "auth:writeWithTriggers" && !overtaken) {
          overtaken = true;
          await app.t.run((ctx) => ctx.db.insert("notes", { text: "I was first" }));
        }
        return result;
      },
    });
    await allow(app, email);
    const response = await app.browser().signUp(email);
    expect(await response.json()).toMatchObject({ user: { name: "later" } });
    expect(await app.own("profiles")).toMatchObject([{ name: "later" }]);
    expect(await app.signedUp()).toBe("1,1,1");

    const refused = await app.browser().signUp("eve@example.com");
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { code: "REFUSED_BY_TRIGGER", message: "Not on the list." },
    ]);
    expect(await app.signedUp()).toBe("1,1,1");
  });
});

describe("sign-ups at once", () => {
  it("run their triggers again when they collide, and double nothing", async () => {
    let runs = 0;
    const held: { optimistic?: Concurrency } = {};
    const app = createTriggerApp({
      triggers: {
        user: {
          async created(ctx, { doc }) {
            runs += 1;
            // A counter that all of them want.
            const [counter] = await ctx.db.query("notes").collect();
            if (counter)
              await ctx.db.patch(counter._id, { text: String(Number(counter.text) + 1) });
            else await ctx.db.insert("notes", { text: "1" });
            await withProfile(ctx, { doc });
          },
        },
      },
      mutating: (name, run) => held.optimistic?.run(name, run) ?? run(),
    });
    held.optimistic = await makeOptimistic((handler) => app.t.run(handler as never));
    const emails = ["a", "b", "c"].map((name) => `${name}@example.com`);
    const answers = await Promise.all(emails.map((address) => app.browser().signUp(address)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(runs).toBeGreaterThan(3);
    expect((await app.own("notes")).map(({ text }) => text)).toEqual(["3"]);
    expect(await app.own("profiles")).toHaveLength(3);
    expect(await app.signedUp()).toBe("3,3,3");
  });
});

it("gives the app a function that no client can call", () => {
  const { writeWithTriggers } = createTriggerApp().client.triggersApi();
  expect({ ...writeWithTriggers }).toMatchObject({ isInternal: true, isMutation: true });
  expect(writeWithTriggers).not.toHaveProperty("isPublic");
});

const textOf = (response: Response): Promise<string> => response.text();

describe("a set-up that is not complete", () => {
  const triggers: AppTriggers = { user: { created: withProfile } };

  it.each([[[]], [["writeTriggers"]]])(
    "exports %j: the first write says the line to add",
    async (exported) => {
      const app = createTriggerApp({ triggers, exported });
      const response = await app.browser().signUp(email);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({
        code: "TRIGGERS_NOT_EXPORTED",
        message: expect.stringContaining(
          "Add to convex/auth.ts: export const { writeWithTriggers } = authComponent.triggersApi();",
        ),
      });
      expect(await app.signedUp()).toBe("0,0,0");
      // What has no trigger goes on.
      expect((await app.browser().request("/get-session")).status).toBe(200);
    },
  );

  it.each(["auth:other", "authors:writeWithTriggers", "elsewhere:fn"])(
    "is not what ails a trigger that calls %s, which is not there",
    async (missing) => {
      const calls = (ctx: MutationCtx): Promise<never> =>
        ctx.runQuery(makeFunctionReference<"query", Record<string, never>, never>(missing), {});
      const app = createTriggerApp({ triggers: { user: { created: calls } } });
      const answer = await app.browser().signUp(email).then(textOf, String);
      expect(answer).not.toContain("TRIGGERS_NOT_EXPORTED");
      expect(await app.signedUp()).toBe("0,0,0");
    },
  );

  const writer = makeFunctionReference<"mutation">("lib/auth:writeWithTriggers") as never;
  it.each([
    "Could not find public function for 'lib/auth:writeWithTriggers'. Did you forget to run `npx convex dev`?",
    "Couldn't find JavaScript module 'lib/auth.js'. Did you forget to run `npx convex dev`?",
    `Uncaught Error: Couldn't find "writeWithTriggers" in module "lib/auth.js".`,
  ])("is told from Convex's words: %s", (words) => {
    expect(missingWriter(new Error(words), writer)).toMatchObject({
      code: "TRIGGERS_NOT_EXPORTED",
      meta: { function: "lib/auth:writeWithTriggers" },
    });
    const ofOthers = words.replace("lib/auth", "auth");
    expect(missingWriter(new Error(ofOthers), writer)).toBeUndefined();
  });

  it.each(["users", "rateLimit"])(
    "names the model `%s`, whose triggers would never run",
    async (model) => {
      const app = createTriggerApp({
        triggers: { [model]: { created: withProfile } },
        options: { rateLimit: { enabled: true, storage: "database" } },
      });
      await expect(app.browser().signUp(email)).rejects.toMatchObject({
        code: "INVALID_OPTION",
        message: expect.stringContaining(
          `\`${model}\`, which ${model === "users" ? "Better Auth" : "has none"}`,
        ),
      });
    },
  );
});

async function withSession(ctx: MutationCtx): Promise<void> {
  await ctx.db.insert("notes", { text: "a session" });
}

describe("costs", () => {
  const kinds = {
    none: {},
    "on other models": { account: { updated: withSession }, session: { deleted: withSession } },
    created: { user: { created: withProfile } },
    "created and beforeCreate": {
      user: {
        created: withProfile,
        beforeCreate: async (ctx, { doc }) => isAllowed(ctx, doc.email),
      },
    },
  } satisfies Record<string, AppTriggers>;

  async function costOf(triggers: AppTriggers): Promise<string[]> {
    const app = createTriggerApp({ triggers });
    await allow(app, email);
    const browser = app.browser();
    await browser.signUp(email);
    const signUp = app.calls.length;
    await browser.request("/update-user", { body: { name: "Lady" } });
    const all = app.calls.map(
      ({ name, read, bytes }) =>
        `${name} ${String(read)} ${String(Math.round(bytes / 100) / 10)} kB`,
    );
    return [...all.slice(0, signUp), "-", ...all.slice(signUp)];
  }

  it("of a sign-up and of a change of the name, by what has triggers", async () => {
    const costs: Record<string, string[]> = {};
    for (const [kind, triggers] of Object.entries(kinds)) costs[kind] = await costOf(triggers);
    expect(costs).toMatchInlineSnapshot(`
      {
        "created": [
          "gate:findOne 0 0.1 kB",
          "auth:writeWithTriggers 0 1.2 kB",
          "gate:addKey 1 0.9 kB",
          "-",
          "gate:findOne 2 0.3 kB",
          "gate:update 1 0.2 kB",
          "gate:listKeys 1 0 kB",
        ],
        "created and beforeCreate": [
          "gate:findOne 0 0.1 kB",
          "auth:writeWithTriggers 1 0.2 kB",
          "auth:writeWithTriggers 1 1.5 kB",
          "gate:addKey 1 0.9 kB",
          "-",
          "gate:findOne 2 0.3 kB",
          "gate:update 1 0.2 kB",
          "gate:listKeys 1 0 kB",
        ],
        "none": [
          "gate:findOne 0 0.1 kB",
          "transactions:commit 0 1.2 kB",
          "gate:addKey 1 0.9 kB",
          "-",
          "gate:findOne 2 0.3 kB",
          "gate:update 1 0.2 kB",
          "gate:listKeys 1 0 kB",
        ],
        "on other models": [
          "gate:findOne 0 0.1 kB",
          "transactions:commit 0 1.2 kB",
          "gate:addKey 1 0.9 kB",
          "-",
          "gate:findOne 2 0.3 kB",
          "gate:update 1 0.2 kB",
          "gate:listKeys 1 0 kB",
        ],
      }
    `);
  });
});
