import type { BetterAuthOptions } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { describe, expectTypeOf, it } from "vitest";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { convex, crossDomain } from "../../js/plugins/index.js";
import type { TokenAnswer } from "../../js/plugins/index.js";
import type { AuthInstance } from "../../js/server/index.js";

const authConfig = { providers: [getAuthConfigProvider()] };

describe("types", () => {
  it("the plugins need no cast in BetterAuthOptions", () => {
    const options = {
      plugins: [crossDomain({ siteUrl: "http://localhost:5173" }), convex({ authConfig })],
    } satisfies BetterAuthOptions;
    expectTypeOf(options).toExtend<BetterAuthOptions>();
    const plain: BetterAuthOptions = {
      plugins: [
        crossDomain({ siteUrl: "http://localhost:5173" }),
        convex({ authConfig, jwks: undefined }),
      ],
    };
    expectTypeOf(plain.plugins).not.toBeAny();
  });

  it("an instance needs none of the options that the routes read", () => {
    const make = () =>
      betterAuth({ emailAndPassword: { enabled: true }, plugins: [convex({ authConfig })] });
    const mount = (auth: AuthInstance): unknown => auth;
    expectTypeOf(() => mount(make())).toBeFunction();
  });

  it("auth.api and $Infer of all plugins survive", () => {
    const make = () =>
      betterAuth({
        plugins: [
          organization(),
          convex({ authConfig }),
          crossDomain({ siteUrl: "http://localhost:5173" }),
          twoFactor(),
        ],
      });
    type Auth = ReturnType<typeof make>;
    type Token = Awaited<ReturnType<Auth["api"]["getConvexToken"]>>;
    expectTypeOf<Token>().toEqualTypeOf<TokenAnswer>();
    expectTypeOf<Auth["api"]["createOrganization"]>().toBeFunction();
    expectTypeOf<Auth["api"]["enableTwoFactor"]>().toBeFunction();
    expectTypeOf<Auth["$Infer"]["Session"]["session"]["activeOrganizationId"]>().toEqualTypeOf<
      string | null | undefined
    >();
    expectTypeOf<Auth["$Infer"]["Session"]["user"]["twoFactorEnabled"]>().toEqualTypeOf<
      boolean | null | undefined
    >();
  });

  it("a wrong option is a type error", () => {
    // @ts-expect-error not a number
    () => crossDomain({ siteUrl: 5173 });
    // @ts-expect-error the application's auth config is required
    () => convex({});
    // @ts-expect-error not a boolean
    () => convex({ authConfig, jwtCache: true });
  });
});
