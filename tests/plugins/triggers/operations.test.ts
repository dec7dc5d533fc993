/** Which operation fires which trigger: the table of `docs/triggers.md`, which is written from here. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { organization } from "better-auth/plugins/organization";
import { format, resolveConfig } from "prettier";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { makeLookupsQuick } from "../../host/quick-lookup.js";
import { PASSWORD } from "../support/app.js";
import type { Browser } from "../support/app.js";
import type { AppTriggers, MutationCtx, TriggerApp } from "./support/app.js";
import { createTriggerApp } from "./support/app.js";

const email = "ada@example.com";
const DAY_MS = 24 * 60 * 60 * 1000;

interface World {
  readonly app: TriggerApp;
  readonly browser: Browser;
  readonly userId: string;
  readonly sessionId: string;
}

type Adapter = {
  [method in "consumeOne" | "incrementOne" | "updateMany" | "deleteMany" | "create"]: (
    args: object,
  ) => Promise<unknown>;
};

/** What Better Auth's plugins do with its adapter. */
const adapting = (work: (adapter: Adapter, world: World) => Promise<unknown>) => (world: World) =>
  world.app.inAction(async (ctx) =>
    work((await world.app.auth(ctx).$context).adapter as unknown as Adapter, world),
  );
const post =
  (path: string, body: object = {}) =>
  ({ browser }: World) =>
    browser.request(path, { body });
const expireIn = ({ app, userId }: World, ms: number): Promise<unknown> =>
  app.t.run((ctx) =>
    ctx.runMutation(app.component.adapter.updateMany, {
      model: "session",
      where: [{ field: "userId", value: userId }],
      update: { expiresAt: Date.now() + ms },
    }),
  );
const where = (field: string, value: unknown): object[] => [{ field, value }];

interface Operation {
  readonly name: string;
  readonly fires: readonly string[];
  readonly before?: (world: World) => Promise<unknown>;
  readonly run: (world: World) => Promise<unknown>;
}

const operations: Operation[] = [
  {
    name: "a sign-up by e-mail and password",
    fires: [
      "user.beforeCreate",
      "account.beforeCreate",
      "session.beforeCreate",
      "user.created",
      "account.created",
      "session.created",
    ],
    run: ({ app }) => app.browser().signUp("eve@example.com"),
  },
  {
    name: "a sign-in",
    fires: ["session.beforeCreate", "session.created"],
    run: ({ app }) => app.browser().signIn(email),
  },
  {
    name: "a change of the user's name",
    fires: ["user.updated"],
    run: post("/update-user", { name: "Augusta" }),
  },
  {
    name: "a new password, which ends the other sessions",
    fires: ["session.beforeCreate", "session.deleted", "account.updated", "session.created"],
    run: post("/change-password", {
      currentPassword: PASSWORD,
      newPassword: "another password",
      revokeOtherSessions: true,
    }),
  },
  { name: "a sign-out", fires: ["session.deleted"], run: post("/sign-out") },
  {
    name: "`revokeSession` and `revokeUserSessions`",
    fires: ["session.deleted", "session.deleted"],
    before: ({ app }) => app.browser().signIn(email),
    async run({ app, userId, sessionId }) {
      await app.inMutation((ctx) => app.client.revokeSession(ctx, sessionId));
      await app.inAction((ctx) => app.client.revokeUserSessions(ctx, userId));
    },
  },
  {
    name: "a session that is renewed by `get-session`",
    fires: ["session.updated"],
    before: (world) => expireIn(world, 3 * DAY_MS),
    run: ({ browser }) => browser.request("/get-session"),
  },
  {
    name: "a session that is renewed by the token endpoint",
    fires: ["session.updated"],
    async before(world) {
      await world.browser.token();
      await expireIn(world, 3 * DAY_MS);
    },
    run: ({ browser }) => browser.request("/convex/token"),
  },
  {
    name: "a session that turns out to be over",
    fires: ["session.deleted"],
    before: (world) => expireIn(world, -DAY_MS),
    run: ({ browser }) => browser.request("/get-session"),
  },
  {
    name: "the deletion of a user",
    fires: ["session.deleted", "account.deleted", "user.deleted"],
    run: post("/delete-user", { password: PASSWORD }),
  },
  {
    name: "a new organization",
    fires: [
      "organization.beforeCreate",
      "organization.created",
      "member.beforeCreate",
      "member.created",
      "session.updated",
    ],
    run: post("/organization/create", { name: "Engine", slug: "engine" }),
  },
  {
    name: "a cascade: the deletion of an organization",
    fires: ["organization.deleted", "member.deleted"],
    before: post("/organization/create", { name: "Engine", slug: "engine" }),
    run: adapting(async (adapter, { app }) => {
      const [{ id } = {}] = await app.rows("organization");
      await adapter.deleteMany({ model: "organization", where: where("id", id) });
    }),
  },
  {
    name: "`consumeOne` of a verification",
    fires: ["verification.deleted"],
    before: adapting((adapter) =>
      adapter.create({
        model: "verification",
        data: { identifier: "once", value: "x", expiresAt: new Date(Date.now() + DAY_MS) },
      }),
    ),
    run: adapting((adapter) =>
      adapter.consumeOne({ model: "verification", where: where("identifier", "once") }),
    ),
  },
  {
    name: "`incrementOne`",
    fires: ["user.updated"],
    run: adapting((adapter, { userId }) =>
      adapter.incrementOne({ model: "user", where: where("id", userId), increment: { visits: 1 } }),
    ),
  },
  {
    name: "`updateMany` of two sessions",
    fires: ["session.updated", "session.updated"],
    before: ({ app }) => app.browser().signIn(email),
    run: adapting((adapter, { userId }) =>
      adapter.updateMany({
        model: "session",
        where: where("userId", userId),
        update: { userAgent: "none" },
      }),
    ),
  },
  {
    name: "`deleteMany` of two sessions",
    fires: ["session.deleted", "session.deleted"],
    before: ({ app }) => app.browser().signIn(email),
    run: adapting((adapter, { userId }) =>
      adapter.deleteMany({ model: "session", where: where("userId", userId) }),
    ),
  },
  {
    name: "`deleteMany` that finds none",
    fires: [],
    run: adapting((adapter) =>
      adapter.deleteMany({ model: "session", where: where("userId", "nobody") }),
    ),
  },
  { name: "a token that is made and kept", fires: [], run: ({ browser }) => browser.token() },
  {
    name: "house-keeping: `cleanUp`, and the rows that new ones sweep away",
    fires: ["verification.beforeCreate", "verification.created"],
    async before(world) {
      const over = { value: "x", expiresAt: Date.now() };
      await world.app.t.run(async (ctx) => {
        for (const id of ["a", "b", "c"])
          await ctx.runMutation(world.app.component.adapter.create, {
            model: "verification",
            data: { id, identifier: id, ...over },
          });
      });
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30 * DAY_MS });
    },
    run: (world) =>
      adapting(async (adapter, { app }) => {
        // An id that ends so is one of those that sweep.
        const data = { id: "sweep0", identifier: "new", value: "x", expiresAt: new Date() };
        await adapter.create({ model: "verification", data, forceAllowId: true });
        await app.t.run((ctx) => app.client.cleanUp(ctx));
        expect(await app.rows("verification")).toMatchObject([{ id: "sweep0" }]);
      })(world),
  },
  {
    name: "a function of the component that the app calls itself",
    fires: [],
    run: ({ app, userId }) =>
      app.t.run((ctx) =>
        ctx.runMutation(app.component.adapter.updateOne, {
          model: "user",
          where: [{ field: "id", value: userId }],
          update: { name: "Augusta" },
        }),
      ),
  },
];

const models = ["user", "session", "account", "verification", "organization", "member"];
const events = ["beforeCreate", "created", "updated", "deleted"] as const;
/** Every trigger there is, each of which notes that it ran, in the transaction that it runs in. */
const noting: AppTriggers = Object.fromEntries(
  models.map((model) => [
    model,
    Object.fromEntries(
      events.map((event) => [
        event,
        async (ctx: MutationCtx) =>
          void (await ctx.db.insert("notes", { text: `${model}.${event}` })),
      ]),
    ),
  ]),
);

async function createWorld(): Promise<World> {
  const app = createTriggerApp({
    triggers: noting,
    plugins: [organization()],
    options: {
      user: {
        deleteUser: { enabled: true },
        additionalFields: { visits: { type: "number", defaultValue: 0 } },
      },
      session: { freshAge: 0 },
    },
  });
  const browser = app.browser();
  await browser.signUp(email);
  const [session] = await app.rows("session");
  return { app, browser, userId: String(session?.["userId"]), sessionId: String(session?.["id"]) };
}

const rows: string[] = [];

describe("what fires", () => {
  afterEach(() => vi.useRealTimers());

  it.each(operations)("$name", async ({ name, fires, before, run }) => {
    const world = await createWorld();
    await before?.(world);
    const noted = (await world.app.own("notes")).length;
    await run(world);
    const fired = (await world.app.own("notes")).slice(noted).map(({ text }) => String(text));
    rows.push(`| ${name} | ${counted(fired) || "nothing"} |`);
    expect(fired).toEqual(fires);
  });

  afterAll(async () => {
    // A part of the tests makes a part of the table.
    if (rows.length < operations.length) return;
    const path = fileURLToPath(new URL("../../../docs/triggers.md", import.meta.url));
    const page = readFileSync(path, "utf8");
    const table = ["| operation | triggers, in order |", "| --- | --- |", ...rows].join("\n");
    const parts = /(<!-- made by [^>]* -->\n)[^]*?(\n<!-- end -->)/;
    const made = await format(
      page.replace(parts, (_all, from: string, to: string) => `${from}\n${table}\n${to}`),
      {
        ...(await resolveConfig(path)),
        parser: "markdown",
      },
    );
    if (process.env["TRIGGERS_TABLE"] === "write") writeFileSync(path, made);
    expect(readFileSync(path, "utf8"), "run it with TRIGGERS_TABLE=write").toBe(made);
  });
});

/** The triggers, each with how often it fired in a row. */
function counted(fired: readonly string[]): string {
  const runs: [trigger: string, times: number][] = [];
  for (const trigger of fired) {
    const last = runs.at(-1);
    if (last?.[0] === trigger) last[1] += 1;
    else runs.push([trigger, 1]);
  }
  return runs
    .map(([trigger, times]) => `\`${trigger}\`${times > 1 ? ` × ${String(times)}` : ""}`)
    .join(", ");
}

describe("work in pages", () => {
  it(
    "tells of every row, a page at a time, and a page that is refused stays undone",
    { timeout: 60_000 },
    async () => {
      let refuse = Infinity;
      let told = 0;
      const app = createTriggerApp({
        triggers: {
          session: {
            deleted() {
              told += 1;
              if (told > refuse) throw new Error("killed");
            },
          },
        },
      });
      await makeLookupsQuick((handler) => app.t.run(handler as never));
      const seed = (): Promise<unknown> =>
        app.t.run(async (ctx) => {
          for (let from = 0; from < 1_500; from += 500)
            await ctx.runMutation(app.component.adapter.commit, {
              log: Array.from({ length: 500 }, (_, n) => ({
                operation: {
                  create: {
                    model: "session",
                    data: {
                      id: `s${String(from + n)}`,
                      token: `t${String(from + n)}`,
                      userId: "ada",
                    },
                  },
                },
              })),
            });
        });
      await seed();
      const left = (): Promise<number> =>
        app.t.run((ctx) =>
          ctx.runQuery(app.component.adapter.count, { model: "session" }),
        ) as Promise<number>;
      refuse = 1_200;
      const revoke = (): Promise<number> =>
        app.inAction((ctx) => app.client.revokeUserSessions(ctx, "ada"));
      await expect(revoke()).rejects.toThrow("killed");
      expect(await left()).toBe(300);
      refuse = Infinity;
      told = 0;
      expect(await revoke()).toBe(300);
      expect([told, await left()]).toEqual([300, 0]);
    },
  );
});
