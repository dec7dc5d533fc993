/**
 * Users, sessions and rows as the app's options type them. Whether rows are so is in `typed-fields.test.ts`; whether the set-ups
 * of the documentation compile with declarations, and what it costs, in `tests/types/cost.test.ts`.
 */
import type { BetterAuthOptions } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { admin } from "better-auth/plugins/admin";
import { organization } from "better-auth/plugins/organization";
import { defineSchema, defineTable } from "convex/server";
import type {
  DataModelFromSchemaDefinition,
  FunctionReference,
  FunctionReturnType,
  GenericDataModel,
  GenericMutationCtx,
  RegisteredQuery,
} from "convex/server";
import type { Value } from "convex/values";
import { v } from "convex/values";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createClient, vAuthId } from "../../js/server/index.js";
import type {
  AuthDoc,
  AuthId,
  AuthJson,
  AuthModel,
  AuthRow,
  AuthSession,
  AuthUser,
  AuthUserOf,
  GenericCtx,
} from "../../js/server/index.js";
import type { SessionClient } from "../../js/session/index.js";

declare const component: ComponentApi;

// Nothing of this runs: a client does no work, and neither does a function that is not called.
const makeClient = () => createClient<GenericDataModel, typeof createAuthOptions>(component);
const client = {} as ReturnType<typeof makeClient>;
const small = {} as SessionClient<GenericDataModel, typeof createAuthOptions>;

const isOn: boolean = Math.random() > 1;
const createAuthOptions = (ctx: GenericCtx<GenericDataModel>) =>
  ({
    database: client.adapter(ctx),
    user: {
      additionalFields: {
        tier: { type: ["free", "paid"] },
        settings: { type: "json", required: false },
        born: { type: "date", required: false },
        pin: { type: "string", returned: false },
        shoe: { type: "number", fieldName: "shoe_size" },
      },
    },
    plugins: [
      organization({
        schema: { organization: { additionalFields: { seats: { type: "number" } } } },
      }),
      ...(isOn ? [admin()] : []),
    ],
  }) satisfies BetterAuthOptions;
const createAuth = (ctx: GenericCtx<GenericDataModel>) => betterAuth(createAuthOptions(ctx));

type User = Awaited<ReturnType<typeof client.getAuthUser>>;

describe("typed users", () => {
  it("has the fields of additionalFields and of plugins, as Convex values", () => {
    expectTypeOf<User["tier"]>().toEqualTypeOf<"free" | "paid">();
    expectTypeOf<User["settings"]>().toEqualTypeOf<AuthJson | undefined>();
    expectTypeOf<User["born"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<User["role"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<User["shoe"]>().toEqualTypeOf<number>();
    expectTypeOf<User["createdAt"]>().toEqualTypeOf<number>();
    expectTypeOf<User["image"]>().toEqualTypeOf<string | null>();
    expectTypeOf<User["_id"]>().toEqualTypeOf<AuthId<"user">>();
    // Convex returns it, and what takes a user of any app takes it too.
    expectTypeOf<User>().toExtend<Value>();
    expectTypeOf<User>().toExtend<AuthUser>();
  });

  it("has no others", () => {
    const user = {} as User;
    // @ts-expect-error no field has this name
    void user.teir;
    // @ts-expect-error declared `returned: false`
    void user.pin;
    // @ts-expect-error a date is ms
    void user.born?.getTime();
    // @ts-expect-error not every row has one
    const born: number = user.born;
    void born;
    // @ts-expect-error JSON may be anything
    void user.settings?.theme;
  });

  it("is the same from every function that gives a user", () => {
    expectTypeOf<Awaited<ReturnType<typeof client.safeGetAuthUser>>>().toEqualTypeOf<User | null>();
    expectTypeOf<Awaited<ReturnType<typeof client.getAnyUserById>>>().toEqualTypeOf<User | null>();
    expectTypeOf<AuthUserOf<typeof createAuth>>().toEqualTypeOf<User>();
    expectTypeOf<AuthUserOf<ReturnType<typeof createAuth>>>().toEqualTypeOf<User>();
    expectTypeOf<AuthUserOf<ReturnType<typeof createAuthOptions>>>().toEqualTypeOf<User>();
    expectTypeOf<Awaited<ReturnType<typeof small.getAuthUser>>>().toEqualTypeOf<User>();
    type Live = NonNullable<Awaited<ReturnType<typeof small.getSessionByToken>>>;
    expectTypeOf<Live["user"]>().toEqualTypeOf<User>();
    expectTypeOf<Live["session"]["activeOrganizationId"]>().toEqualTypeOf<
      string | null | undefined
    >();
  });

  it("reaches useQuery through api.auth.getAuthUser", () => {
    type Api = ReturnType<(typeof client)["clientApi"]>;
    expectTypeOf<Api["getAuthUser"]>().toEqualTypeOf<
      RegisteredQuery<"public", {}, Promise<User | null>>
    >();
    type Reference = FunctionReference<"query", "public", {}, User | null>;
    expectTypeOf<FunctionReturnType<Reference>>().toEqualTypeOf<User | null>();
  });

  it("is as it was where the options are not known", () => {
    const make = () => createClient<GenericDataModel>(component);
    type Untyped = ReturnType<typeof make>;
    expectTypeOf<Awaited<ReturnType<Untyped["getAuthUser"]>>>().toEqualTypeOf<AuthUser>();
    expectTypeOf<AuthUser["anything"]>().toEqualTypeOf<Value | undefined>();
    type Live = NonNullable<Awaited<ReturnType<Untyped["getSessionByToken"]>>>;
    expectTypeOf<Live["session"]>().toEqualTypeOf<AuthSession>();
    // The published documentation casts the options to their widest type.
    expectTypeOf<AuthUserOf<BetterAuthOptions>>().toEqualTypeOf<AuthUser>();
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an app that is not typed at all
    expectTypeOf<AuthUserOf<any>>().toEqualTypeOf<AuthUser>();
  });
});

describe("typed rows", () => {
  it("are those of the app's tables", () => {
    type Organization = AuthDoc<typeof createAuth, "organization">;
    expectTypeOf<Organization["seats"]>().toEqualTypeOf<number>();
    expectTypeOf<Organization["createdAt"]>().toEqualTypeOf<number>();
    type Member = AuthDoc<typeof createAuth, "member">;
    expectTypeOf<Member["userId"]>().toEqualTypeOf<AuthId<"user">>();
    expectTypeOf<Member["organizationId"]>().toEqualTypeOf<AuthId<"organization">>();
    expectTypeOf<AuthModel<typeof createAuth>>().toEqualTypeOf<
      | "account"
      | "invitation"
      | "member"
      | "organization"
      | "rateLimit"
      | "session"
      | "user"
      | "verification"
    >();
    // @ts-expect-error no plugin of this app has such a table
    type Passkey = AuthDoc<typeof createAuth, "passkey">;
    void ({} as Passkey);
  });

  it("hold what the component keeps, and what triggers see", () => {
    type Kept = AuthDoc<typeof createAuth, "user">;
    expectTypeOf<Kept["pin"]>().toEqualTypeOf<string>();
    expectTypeOf<Kept["settings"]>().toEqualTypeOf<string | null | undefined>();
    // @ts-expect-error its column has another name
    void ({} as Kept).shoe;
    expectTypeOf<AuthRow<typeof createAuth, "user">>().toEqualTypeOf<User>();
    // @ts-expect-error Better Auth declares it `returned: false`
    void ({} as AuthRow<typeof createAuth, "account">).password;
  });

  it("are what triggers say they are", () => {
    void (() =>
      createClient<GenericDataModel, typeof triggered>(component, {
        functions: {} as never,
        triggers: {
          user: {
            created: (_ctx, { doc }) => {
              const { tier } = doc as AuthRow<typeof triggered, "user">;
              expectTypeOf(tier).toEqualTypeOf<"free" | "paid">();
            },
          },
          organization: {
            created: (_ctx, { doc }) => {
              const { seats } = doc as AuthRow<typeof triggered, "organization">;
              expectTypeOf(seats).toEqualTypeOf<number>();
            },
          },
        },
      }));
    const triggered = createAuthOptions;
  });
});

describe("ids of auth rows", () => {
  const schema = defineSchema({
    todos: defineTable({ userId: vAuthId("user"), text: v.string() }).index("by_userId", [
      "userId",
    ]),
  });
  type DataModel = DataModelFromSchemaDefinition<typeof schema>;

  it("are strings at run time", () => {
    expect(vAuthId("user")).toEqual(v.string());
    expect(vAuthId("user").kind).toBe("string");
  });

  it("are taken for no other's", () => {
    const add = (ctx: GenericMutationCtx<DataModel>, user: User, text: string) => {
      void ctx.db.insert("todos", { userId: user._id, text });
      void ctx.db.query("todos").withIndex("by_userId", (q) => q.eq("userId", user.id));
      const id: string = user._id;
      // @ts-expect-error text is not an id
      void ctx.db.insert("todos", { userId: text, text });
      // @ts-expect-error the id of an organization
      void ctx.db.insert("todos", { userId: id as AuthId<"organization">, text });
    };
    expectTypeOf(add).toBeFunction();
  });
});
