/** Users and sessions leave the library as Better Auth gives them, whichever way, and also rows that are older than the schema. */
import {
  actionGeneric,
  componentsGeneric,
  makeFunctionReference,
  mutationGeneric,
  queryGeneric,
} from "convex/server";
import type { GenericDataModel } from "convex/server";
import { v } from "convex/values";
import type { BetterAuthOptions } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createClient } from "../../js/server/index.js";
import type { GenericCtx } from "../../js/server/index.js";
import { createSessionClient } from "../../js/session/index.js";
import { functionsApp } from "./support/functions-app.js";

const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
const client = createClient<GenericDataModel>(component);
const small = createSessionClient<GenericDataModel>(component);

/** The app's schema, which changes from one deployment to the next. */
let schema: Pick<BetterAuthOptions, "user" | "session">;
let calls: string[] = [];

const plain: typeof schema = {
  user: {
    additionalFields: {
      pin: { type: "string", required: false },
      settings: { type: "string", required: false },
    },
  },
  session: { additionalFields: { note: { type: "string", required: false } } },
};
const strict: typeof schema = {
  user: {
    fields: { name: "full_name" },
    additionalFields: {
      pin: { type: "string", required: false, returned: false },
      settings: { type: "json", required: false },
    },
  },
  session: {
    fields: { expiresAt: "expires_at" },
    additionalFields: { note: { type: "string", required: false, returned: false } },
  },
};

const authOf = (ctx: GenericCtx<GenericDataModel>) =>
  betterAuth({
    baseURL: "https://happy-animal-1.convex.site",
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    ...schema,
    database: client.adapter(counted(ctx)),
  });

/** The same ctx, whose mutations are counted. */
function counted(ctx: GenericCtx<GenericDataModel>): GenericCtx<GenericDataModel> {
  if (!("runMutation" in ctx)) return ctx;
  const run = ctx.runMutation as (reference: unknown, args: unknown) => Promise<unknown>;
  const runMutation = (reference: unknown, args: unknown) => {
    calls.push("mutation");
    return run(reference, args);
  };
  return { ...ctx, runMutation } as never;
}

const functions = {
  make: actionGeneric({
    args: { email: v.string(), settings: v.string() },
    handler: async (ctx, { email, settings }) => {
      const { internalAdapter } = await authOf(ctx).$context;
      const user = await internalAdapter.createUser(
        { email, name: "Ada", pin: "1234", settings: JSON.parse(settings) as unknown },
        { method: "test" },
      );
      const session = await internalAdapter.createSession(user.id, false, { note: "5678" });
      return { userId: user.id, sessionId: session.id, token: session.token };
    },
  }),
  touch: actionGeneric({
    args: { token: v.string() },
    handler: async (ctx, { token }) => {
      const { internalAdapter } = await authOf(ctx).$context;
      return JSON.stringify(await internalAdapter.findSession(token));
    },
  }),
  readonly: queryGeneric({
    args: { token: v.string() },
    handler: async (ctx, { token }) => {
      const { internalAdapter } = await authOf(ctx).$context;
      return JSON.stringify(await internalAdapter.findSession(token));
    },
  }),
  ways: queryGeneric({
    args: { id: v.string(), token: v.string() },
    handler: async (ctx, { id, token }) => {
      const found = await client.getSessionByToken(ctx, token);
      return {
        users: [
          await client.getAuthUser(ctx),
          await client.safeGetAuthUser(ctx),
          await client.getAnyUserById(ctx, id),
          await small.getAuthUser(ctx),
          await small.getAnyUserById(ctx, id),
          found?.user ?? null,
        ],
        session: found?.session ?? null,
      };
    },
  }),
  raw: mutationGeneric({
    args: { table: v.string() },
    handler: (ctx, { table }) =>
      ctx.runQuery(component.adapter.findMany, { model: table, limit: 1000 }),
  }),
  ...client.clientApi(),
};

type Made = { userId: string; sessionId: string; token: string };
type Row = Record<string, unknown>;

function createApp() {
  const t = functionsApp(functions);
  return {
    t,
    make: (email: string, settings: unknown) =>
      t.action(makeFunctionReference<"action">("app:make"), {
        email,
        settings: JSON.stringify(settings),
      }) as Promise<Made>,
    touch: async ({ token }: Made) =>
      JSON.parse(
        (await t.action(makeFunctionReference<"action">("app:touch"), { token })) as string,
      ) as { session: Row; user: Row },
    async ways({ userId, sessionId, token }: Made) {
      const signedIn = t.withIdentity({ subject: userId, sessionId });
      const { users, session } = (await signedIn.query(makeFunctionReference<"query">("app:ways"), {
        id: userId,
        token,
      })) as { users: Row[]; session: Row | null };
      const api = makeFunctionReference<"query">("app:getAuthUser");
      return { users: [...users, (await signedIn.query(api, {})) as Row], session };
    },
    rows: (table: string) =>
      t.mutation(makeFunctionReference<"mutation">("app:raw"), { table }) as Promise<Row[]>,
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
  calls = [];
  schema = strict;
});
afterEach(() => void vi.useRealTimers());

const settings = { theme: "dark", tabs: [1, 2] };

it("every way out gives one and the same user, by the names and values of the schema", async () => {
  const app = createApp();
  const made = await app.make("ada@example.com", settings);
  const { users, session } = await app.ways(made);
  expect(users).toHaveLength(7);
  for (const user of users) {
    expect(user).toMatchObject({ name: "Ada", settings, email: "ada@example.com" });
    expect(Object.keys(user).filter((key) => /pin|full_name|gate/i.test(key))).toEqual([]);
  }
  // The names are those of Better Auth's own answer.
  const theirs = await app.touch(made);
  for (const user of users)
    expect(Object.keys(user).sort()).toEqual([...Object.keys(theirs.user), "_id"].sort());
  expect(session).toMatchObject({ id: made.sessionId, userId: made.userId });
  expect(session?.["expiresAt"]).toBeTypeOf("number");
  expect(JSON.stringify([users, session])).not.toMatch(/1234|5678|expires_at/);
});

it("rows that agree with the schema cost no call more", async () => {
  const app = createApp();
  const made = await app.make("ada@example.com", settings);
  calls = [];
  await app.touch(made);
  expect(calls).toEqual([]);
});

it("what is declared later holds for all older rows once one of them was read by a new instance", async () => {
  const app = createApp();
  schema = { ...plain, session: { ...plain.session, fields: { expiresAt: "expires_at" } } };
  const text = JSON.stringify(settings);
  const [ada, bob] = [
    await app.make("ada@example.com", text),
    await app.make("b@example.com", text),
  ];
  for (const made of [ada, bob])
    expect((await app.ways(made)).users[0]).toMatchObject({ pin: "1234", settings: text });

  schema = { ...strict, user: { additionalFields: strict.user?.additionalFields ?? {} } };
  calls = [];
  await app.touch(ada);
  // One for the user and one for the session, in this request and in no later one.
  expect(calls).toHaveLength(2);
  const [shown] = (await app.ways(ada)).users;
  expect(shown).toMatchObject({ settings });
  expect(shown).not.toHaveProperty("pin");

  await app.t.finishAllScheduledFunctions(vi.runAllTimers);
  const late = await app.ways(bob);
  for (const user of late.users) {
    expect(user).toMatchObject({ settings });
    expect(user).not.toHaveProperty("pin");
  }
  expect(late.session).not.toHaveProperty("note");
  calls = [];
  await app.touch(bob);
  await app.touch(ada);
  expect(calls).toEqual([]);

  // And back: nothing of it is for ever.
  schema = { ...plain, session: { ...plain.session, fields: { expiresAt: "expires_at" } } };
  await app.touch(ada);
  await app.t.finishAllScheduledFunctions(vi.runAllTimers);
  expect((await app.ways(bob)).users[0]).toMatchObject({ pin: "1234", settings: text });
});

it("an instance says nothing of fields that it does not know", async () => {
  const app = createApp();
  const made = await app.make("ada@example.com", settings);
  schema = {
    user: { fields: { name: "full_name" } },
    session: { fields: { expiresAt: "expires_at" } },
  };
  calls = [];
  await app.touch(made);
  expect(calls).toEqual([]);
  expect((await app.ways(made)).users[0]).not.toHaveProperty("pin");
});

it("a field that gets another column reads from it, whatever the old one still holds", async () => {
  const app = createApp();
  const made = await app.make("ada@example.com", settings);
  // From `full_name` back to the field's own name, and from there to a column that sorts before the first.
  for (const fields of [{}, { name: "called" }, { name: "zz_name" }, {}]) {
    schema = { ...strict, user: { ...strict.user, fields } };
    const column = fields.name ?? "name";
    await app.t.run((ctx) =>
      ctx.runMutation(component.adapter.update, {
        model: "user",
        where: [{ field: "id", value: made.userId }],
        update: { [column]: `in ${column}` },
      }),
    );
    expect((await app.touch(made)).user).toMatchObject({ name: `in ${column}` });
    for (const user of (await app.ways(made)).users)
      expect(user).toMatchObject({ name: `in ${column}` });
    calls = [];
    await app.touch(made);
    expect(calls).toEqual([]);
  }
});

it("corrects more rows than one transaction takes, and a query corrects none", async () => {
  const app = createApp();
  schema = plain;
  let made: Made | undefined;
  for (let i = 0; i < 230; i += 1) made = await app.make(`u${i}@example.com`, "{}");
  if (!made) throw new Error("nobody");
  schema = { ...plain, user: { additionalFields: strict.user?.additionalFields ?? {} } };
  const { token } = made;
  await app.t.query(makeFunctionReference<"query">("app:readonly"), { token });
  const shapes = async () =>
    (await app.rows("user")).filter((row) => Array.isArray(row["gateShape"]));
  expect(await shapes()).toHaveLength(0);
  await app.touch(made);
  await app.t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await shapes()).toHaveLength(230);
}, 30_000);

it("JSON that no Convex function could return stays text", async () => {
  const app = createApp();
  for (const [name, value] of [
    ["ref", { $ref: "#/a" }],
    ["umlaut", { über: [{ a: 1 }] }],
  ] as const) {
    const made = await app.make(`${name}@example.com`, value);
    for (const user of (await app.ways(made)).users)
      expect(user["settings"]).toBe(JSON.stringify(value));
  }
});

it("a session whose end is not known is over", async () => {
  const app = createApp();
  schema = { ...strict, session: {} };
  const made = await app.make("ada@example.com", settings);
  expect((await app.ways(made)).session).not.toBeNull();
  // Rows that nothing has corrected yet: the column of the end has another name than the row knows.
  for (const expiresAt of [null, "2999-01-01T00:00:00.000Z", Number.NaN, true, Date.now() - 1]) {
    await app.t.run((ctx) =>
      ctx.runMutation(component.adapter.update, {
        model: "session",
        where: [{ field: "id", value: made.sessionId }],
        update: {
          expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
          expires_at: Date.now() + 1e6,
        },
      }),
    );
    expect((await app.ways(made)).session).toBeNull();
  }
});

it("a renamed end of the session ends it", async () => {
  const app = createApp();
  const made = await app.make("ada@example.com", settings);
  vi.useFakeTimers({ toFake: ["Date"] });
  expect((await app.ways(made)).session).not.toBeNull();
  vi.setSystemTime(Date.now() + 8 * 86_400_000);
  expect((await app.ways(made)).session).toBeNull();
});
