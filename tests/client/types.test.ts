import { createAuthClient } from "better-auth/react";
import {
  adminClient,
  anonymousClient,
  organizationClient,
  twoFactorClient,
} from "better-auth/client/plugins";
import type { ConvexReactClient } from "convex/react";
import type { ComponentProps } from "react";
import { describe, expectTypeOf, it } from "vitest";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";
import type {
  ConvexGateCachedClient,
  ConvexGateClient,
  SessionSnapshot,
} from "../../js/client/index.js";
import { getTokenExpiry } from "../../js/client/index.js";
import type { TokenAnswer } from "../../js/plugins/index.js";
import type { ConvexBetterAuthProvider, GateStatus } from "../../js/react/index.js";

type ProviderProps = ComponentProps<typeof ConvexBetterAuthProvider>;

const documented = createAuthClient({
  baseURL: "https://example.convex.site",
  plugins: [crossDomainClient(), convexClient()],
});

const many = createAuthClient({
  plugins: [
    convexClient(),
    anonymousClient(),
    twoFactorClient(),
    organizationClient(),
    adminClient(),
    crossDomainClient({ storagePrefix: "x" }),
  ],
});

const throwing = createAuthClient({
  fetchOptions: { throw: true },
  plugins: [convexClient()],
});

const plain = createAuthClient();

describe("types", () => {
  it("every client of better-auth/react is taken by the provider", () => {
    expectTypeOf(documented).toExtend<ProviderProps["authClient"]>();
    expectTypeOf(many).toExtend<ProviderProps["authClient"]>();
    expectTypeOf(throwing).toExtend<ProviderProps["authClient"]>();
    expectTypeOf(plain).toExtend<ProviderProps["authClient"]>();
    expectTypeOf<ConvexReactClient>().toExtend<ProviderProps["client"]>();
    expectTypeOf<{ useSession: () => null }>().not.toExtend<ProviderProps["authClient"]>();
  });

  it("the token endpoint is inferred", () => {
    // Never called: only their types are of interest.
    const ask = async () => (await documented.convex.token()).data;
    const askFresh = async () => (await many.convex.token({ query: { fresh: "1" } })).data;
    expectTypeOf(ask).returns.resolves.toEqualTypeOf<TokenAnswer | null>();
    expectTypeOf(askFresh).returns.resolves.toEqualTypeOf<TokenAnswer | null>();
  });

  it("the session keeps its fields beside other plugins", () => {
    type User = (typeof many.$Infer)["Session"]["user"];
    expectTypeOf<User["email"]>().toEqualTypeOf<string>();
    expectTypeOf<User>().toHaveProperty("twoFactorEnabled");
    expectTypeOf<User>().toHaveProperty("isAnonymous");
    expectTypeOf<User>().not.toBeAny();
  });

  it("the rest", () => {
    expectTypeOf<ConvexGateCachedClient>().toExtend<ConvexGateClient>();
    expectTypeOf<SessionSnapshot["user"]["id"]>().toEqualTypeOf<string>();
    expectTypeOf(getTokenExpiry).returns.toEqualTypeOf<number | null>();
    expectTypeOf<GateStatus["session"]>().toEqualTypeOf<"unknown" | "signedIn" | "signedOut">();
  });
});

describe("what is not there", () => {
  it("is refused", () => {
    // @ts-expect-error -- no such endpoint
    expectTypeOf(documented.convex.nonsense).toBeFunction();
    // @ts-expect-error -- nor such an action
    expectTypeOf(documented.nonsense).toBeFunction();
    // @ts-expect-error -- a slip of the finger
    expectTypeOf(documented.signOutt).toBeFunction();
    // @ts-expect-error -- nor beside other plugins
    expectTypeOf(many.signOutt).toBeFunction();
    expectTypeOf(documented.signOut).toBeFunction();
    expectTypeOf(many.organization.create).toBeFunction();
    expectTypeOf(many.twoFactor.enable).toBeFunction();
    expectTypeOf(many.crossDomain.open).parameter(0).toEqualTypeOf<string | URL>();
  });
});
