/** An app with triggers in `convex-test`: its functions, its tables, and Better Auth in an action or in a mutation. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import {
  anyApi,
  componentsGeneric,
  defineSchema,
  defineTable,
  getFunctionAddress,
  getFunctionName,
} from "convex/server";
import type { GenericActionCtx, GenericDataModel, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import type { ComponentApi } from "../../../../convex/_generated/component.js";
import { getAuthConfigProvider } from "../../../../js/auth-config/index.js";
import { convex } from "../../../../js/plugins/index.js";
import type { ConvexPlugin } from "../../../../js/plugins/index.js";
import { createClient } from "../../../../js/server/index.js";
import type { AuthClient, TriggerFunctions, Triggers } from "../../../../js/server/index.js";
import { register } from "../../../../js/test/index.js";
import { countDocumentsRead, documentsRead } from "../../../support/counted-reads.js";
import { createBrowser, plainPasswords, SITE } from "../../support/app.js";
import type { Browser } from "../../support/app.js";

// The tables differ from test to test: what a trigger writes is looked at by the test itself.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type Model = any;
export type MutationCtx = GenericMutationCtx<Model>;
export type AppTriggers = Triggers<Model>;

const schema = defineSchema({
  profiles: defineTable({
    userId: v.string(),
    name: v.string(),
    image: v.optional(v.union(v.string(), v.null())),
  }).index("by_userId", ["userId"]),
  invited: defineTable({ email: v.string() }).index("by_email", ["email"]),
  notes: defineTable({ text: v.string() }),
});

export interface TriggerAppOptions {
  readonly triggers?: AppTriggers;
  readonly options?: BetterAuthOptions | undefined;
  readonly plugins?: BetterAuthPlugin[];
  /** What the app exports; all that it should without it. */
  readonly exported?: readonly string[];
  /** Stands in front of each mutation that an action calls. */
  readonly mutating?: (name: string, run: () => Promise<unknown>) => Promise<unknown>;
}

type Ctx = GenericActionCtx<Model> | GenericMutationCtx<Model>;

export interface TriggerApp {
  readonly client: AuthClient<GenericDataModel>;
  readonly component: ComponentApi;
  readonly t: TestConvex<typeof schema>;
  /** `module:function documents-read bytes-of-arguments` of each call that an action made. */
  readonly calls: { name: string; read: number; bytes: number }[];
  /** A Better Auth instance of one ctx. */
  auth(ctx: Ctx): ReturnType<typeof betterAuth>;
  /** A browser whose requests an HTTP action answers. */
  browser(): Browser;
  inAction<T>(work: (ctx: GenericActionCtx<Model>) => Promise<T>): Promise<T>;
  inMutation<T>(work: (ctx: MutationCtx) => Promise<T>): Promise<T>;
  /** Every row of a table of the app. */
  own(table: "profiles" | "invited" | "notes"): Promise<Record<string, unknown>[]>;
  /** Every row of a table of the component. */
  rows(table: string): Promise<Record<string, unknown>[]>;
  /** How many rows the tables of a sign-up have: user, account, session. */
  signedUp(): Promise<string>;
}

export function createTriggerApp({
  triggers = {},
  options,
  plugins = [],
  exported = ["writeWithTriggers"],
  mutating = (_name, run) => run(),
}: TriggerAppOptions = {}): TriggerApp {
  process.env["CONVEX_SITE_URL"] = SITE;
  const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
  const functions = anyApi["auth"] as unknown as TriggerFunctions;
  const client = createClient<Model>(component, { triggers, functions });
  const { writeWithTriggers } = client.triggersApi();
  const auth = Object.fromEntries(exported.map((name) => [name, writeWithTriggers]));
  const t = convexTest({
    schema,
    modules: {
      "./_generated/api.ts": () => Promise.resolve({}),
      "./auth.ts": () => Promise.resolve(auth),
    },
    transactionLimits: true,
  });
  register(t);
  countDocumentsRead();
  const calls: TriggerApp["calls"] = [];

  const counting = (ctx: GenericActionCtx<Model>): GenericActionCtx<Model> => {
    const counted = async (reference: never, args: object, run: () => Promise<unknown>) => {
      const name = nameOf(reference);
      const call = { name, read: 0, bytes: JSON.stringify(args).length };
      calls.push(call);
      const before = documentsRead();
      try {
        return await run();
      } finally {
        call.read = documentsRead() - before;
      }
    };
    return {
      ...ctx,
      runQuery: ((reference: never, args: never) =>
        counted(reference, args, () => ctx.runQuery(reference, args))) as never,
      runMutation: ((reference: never, args: never) =>
        counted(reference, args, () =>
          mutating(nameOf(reference), () => ctx.runMutation(reference, args)),
        )) as never,
    };
  };

  const app: TriggerApp = {
    client,
    component,
    t,
    calls,
    auth: (ctx) => instance(client, ctx, { options, plugins }),
    browser: () =>
      createBrowser((request) => app.inAction((ctx) => app.auth(ctx).handler(request))),
    inAction: (work) =>
      keeping((kept) => t.action((ctx) => kept(work(counting(ctx as never)))) as Promise<unknown>),
    inMutation: (work) =>
      keeping((kept) => t.mutation((ctx) => kept(work(ctx as never))) as Promise<unknown>),
    own: (table) => t.run((ctx) => ctx.db.query(table).collect()),
    rows: (model) =>
      t.run(
        (ctx) => ctx.runQuery(component.adapter.findMany, { model, limit: 1000 }) as Promise<never>,
      ),
    async signedUp() {
      const tables = await Promise.all(
        ["user", "account", "session"].map((table) => app.rows(table)),
      );
      return tables.map((rows) => rows.length).join();
    },
  };
  return app;
}

function instance(
  client: AuthClient<Model>,
  ctx: Ctx,
  { options, plugins = [] }: Pick<TriggerAppOptions, "options" | "plugins">,
) {
  const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };
  return betterAuth({
    baseURL: SITE,
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    emailAndPassword: { enabled: true, password: plainPasswords },
    logger: { disabled: true },
    user: { deleteUser: { enabled: true } },
    ...options,
    database: client.adapter(ctx),
    plugins: [...plugins, convex({ authConfig })] as unknown as [ConvexPlugin],
  }) as unknown as ReturnType<typeof betterAuth>;
}

/** A response is no Convex value: what the work gives goes past the function that it is done in. */
async function keeping<T>(
  call: (kept: (work: Promise<T>) => Promise<null>) => Promise<unknown>,
): Promise<T> {
  let result: T | undefined;
  await call(async (work) => {
    result = await work;
    return null;
  });
  return result as T;
}

/** `module:name`, of the app's own functions and of the component's. */
function nameOf(reference: never): string {
  const { reference: path } = getFunctionAddress(reference) as { reference?: string };
  return path === undefined ? getFunctionName(reference) : path.split("/").slice(-2).join(":");
}
