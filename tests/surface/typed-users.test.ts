/** Users, sessions and rows have the fields that the app's own options say, where the app names them, and only there. */
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthOptions } from "better-auth/minimal";
import { admin, organization, twoFactor } from "better-auth/plugins";
import type { GenericDataModel, RegisteredQuery } from "convex/server";
import { defineTable } from "convex/server";
import type { Infer } from "convex/values";
import { describe, expectTypeOf, it } from "vitest";
import { createClient, vAuthId } from "../../js/server/index.js";
import type { AuthDoc, AuthId, AuthUser, GenericCtx } from "../../js/server/index.js";
import { createSessionClient } from "../../js/session/index.js";
import { component } from "./support/every-plugin.js";

const client = createClient<GenericDataModel, typeof createAuthOptions>(component);

// The options are made with the client that is given their type: this must not go round in a circle (TS7022).
const createAuthOptions = (ctx: GenericCtx) =>
  ({
    database: client.adapter(ctx),
    user: {
      additionalFields: {
        locale: { type: "string", required: false },
        plan: { type: ["free", "paid"] },
        secret: { type: "string", returned: false },
      },
    },
    plugins: [admin(), twoFactor(), organization()],
  }) satisfies BetterAuthOptions;
const createAuth = (ctx: GenericCtx) => betterAuth(createAuthOptions(ctx));

type User = Awaited<ReturnType<typeof client.getAuthUser>>;

describe("with the type of the app's options", () => {
  it("a user has the fields of the core, of plugins and of the app, and no others", () => {
    expectTypeOf<User["name"]>().toEqualTypeOf<string>();
    expectTypeOf<User["createdAt"]>().toEqualTypeOf<number>();
    expectTypeOf<User["plan"]>().toEqualTypeOf<"free" | "paid">();
    expectTypeOf<User["locale"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<User["banExpires"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<User["twoFactorEnabled"]>().toEqualTypeOf<boolean | null | undefined>();
    // @ts-expect-error: no plugin of the app has it
    expectTypeOf<User["phoneNumber"]>();
    // @ts-expect-error: Better Auth never gives it away
    expectTypeOf<User["secret"]>();
  });

  it("every way to a user has them", () => {
    type Query = ReturnType<typeof client.clientApi>["getAuthUser"];
    type Asked =
      Query extends RegisteredQuery<"public", {}, infer Result> ? Awaited<Result> : never;
    expectTypeOf<Asked>().toEqualTypeOf<User | null>();
    expectTypeOf<Awaited<ReturnType<typeof client.safeGetAuthUser>>>().toEqualTypeOf<User | null>();
    expectTypeOf<Awaited<ReturnType<typeof client.getAnyUserById>>>().toEqualTypeOf<User | null>();
    const sessions = createSessionClient<GenericDataModel, typeof createAuth>(component);
    expectTypeOf<Awaited<ReturnType<typeof sessions.getAuthUser>>>().toEqualTypeOf<User>();
  });

  it("rows of other tables are typed by their names", () => {
    type Member = AuthDoc<typeof createAuth, "member">;
    expectTypeOf<Member["organizationId"]>().toEqualTypeOf<AuthId<"organization">>();
    expectTypeOf<Member["createdAt"]>().toEqualTypeOf<number>();
    // @ts-expect-error: the app has no teams
    expectTypeOf<AuthDoc<typeof createAuth, "passkey">>();
  });

  it("an id is told from another table's, and is a string", () => {
    const posts = defineTable({ userId: vAuthId("user") });
    expectTypeOf<Infer<typeof posts.validator>["userId"]>().toEqualTypeOf<User["_id"]>();
    expectTypeOf<User["_id"]>().toExtend<string>();
    // @ts-expect-error: the id of an organization is none of a user
    expectTypeOf<AuthId<"organization">>().toExtend<AuthId<"user">>();
  });
});

it("without it all is as it was", () => {
  const plain = createClient(component);
  expectTypeOf<Awaited<ReturnType<typeof plain.getAuthUser>>>().toEqualTypeOf<AuthUser>();
  const cast = createClient<GenericDataModel, BetterAuthOptions>(component);
  expectTypeOf<Awaited<ReturnType<typeof cast.getAuthUser>>>().toEqualTypeOf<AuthUser>();
});
