/** What a program changes by another way than an adapter instance, that instance sees: in an action, and in a mutation. */
import type { DBAdapter } from "better-auth/adapters";
import { describe, expect, it } from "vitest";
import { createTriggerApp } from "./support/app.js";
import type { TriggerApp } from "./support/app.js";

const at = new Date(1_800_000_000_000);
const user = { name: "Ada", email: "ada@example.com", emailVerified: false };
const code = { identifier: "x", value: "v", expiresAt: 4e12, createdAt: 1, updatedAt: 1 };
const codes = [{ field: "identifier", value: "x" }];

type Ctx = Parameters<Parameters<TriggerApp["inAction" | "inMutation"]>[0]>[0];

const adapterOf = async (app: TriggerApp, ctx: Ctx): Promise<DBAdapter> =>
  (await app.auth(ctx).$context).adapter as DBAdapter;

/** A user, and two instances of the app's adapter of which the second one renames it after the first has found it. */
async function renamed(app: TriggerApp, ctx: Ctx) {
  const [one, other] = [await adapterOf(app, ctx), await adapterOf(app, ctx)];
  const { id } = await other.create<{ id: string }, { id: string }>({
    model: "user",
    data: { ...user, createdAt: at, updatedAt: at } as never,
  });
  const by = { model: "user", where: [{ field: "id", value: id }] };
  await one.findOne(by);
  await other.update({ ...by, update: { name: "Grace" } });
  return { one, by };
}

describe.each(["inAction", "inMutation"] as const)("%s", (where) => {
  it("a transaction goes by what is stored now", async () => {
    const app = createTriggerApp();
    const found = await app[where](async (ctx) => {
      const { one, by } = await renamed(app, ctx);
      return one.transaction((within) => within.findOne<{ name: string }>(by));
    });
    expect(found?.name).toBe("Grace");
  });

  it("a row that was found is read again", async () => {
    const app = createTriggerApp();
    const rows = await app[where](async (ctx) => {
      const { one, by } = await renamed(app, ctx);
      return one.findMany<{ name: string }>({ ...by, limit: 1 });
    });
    expect(rows).toMatchObject([{ name: "Grace" }]);
  });

  it("rows of which there were none are deleted", async () => {
    const app = createTriggerApp();
    const deleted = await app[where](async (ctx) => {
      const adapter = await adapterOf(app, ctx);
      expect(await adapter.findMany({ model: "verification", where: codes })).toEqual([]);
      const args = { model: "verification", data: code };
      await ctx.runMutation(app.component.adapter.create, args);
      return adapter.deleteMany({ model: "verification", where: codes });
    });
    expect(deleted).toBe(1);
    expect(await app.rows("verification")).toEqual([]);
  });

  it("a row is seen as it is each time that somebody asks", async () => {
    const app = createTriggerApp();
    const seen = await app[where](async (ctx) => {
      const adapter = await adapterOf(app, ctx);
      await ctx.runMutation(app.component.adapter.create, { model: "verification", data: code });
      const values: string[] = [];
      for (const value of ["1", "2", "3", "4"]) {
        const args = { model: "verification", where: codes, update: { value } };
        await ctx.runMutation(app.component.adapter.updateMany, args);
        const [row] = await adapter.findMany<{ value: string }>({
          model: "verification",
          where: codes,
          limit: 1,
        });
        values.push(String(row?.value));
      }
      return values.join("");
    });
    expect(seen).toBe("1234");
  });

  it("a row that a trigger has changed on its creation is given as it is then", async () => {
    const app = createTriggerApp({
      triggers: {
        user: {
          created: async (ctx, { doc }) => {
            await ctx.runMutation(app.component.adapter.updateMany, {
              model: "user",
              where: [{ field: "id", value: doc.id }],
              update: { name: "Grace" },
            });
          },
        },
      },
    });
    const rows = await app[where](async (ctx) => {
      const adapter = await adapterOf(app, ctx);
      const { id } = await adapter.create<{ id: string }, { id: string }>({
        model: "user",
        data: { ...user, createdAt: at, updatedAt: at } as never,
      });
      return adapter.findMany({ model: "user", where: [{ field: "id", value: id }], limit: 1 });
    });
    expect(rows).toMatchObject([{ name: "Grace" }]);
  });
});
