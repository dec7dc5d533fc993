import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric, queryGeneric } from "convex/server";
import type { GenericDataModel, RegisteredQuery } from "convex/server";
import type { AuthClient, AuthInstance, AuthUser, GenericCtx } from "convex-gate";
import { createClient } from "convex-gate";
import { convex, crossDomain } from "convex-gate/plugins";
// A type only: the app is bundled in another folder.
import type { Choice } from "../../support/server-set.js";
import authConfig from "./auth.config.js";
import { chosen, merged, setsOf, variable } from "./choice.js";

const components = componentsGeneric();

export const authComponent: AuthClient<GenericDataModel> = createClient(
  components["betterAuth"] as never,
);

/** The options of the app that the variable MATRIX describes, or `choice`. */
export async function createAuthOptions(
  ctx: GenericCtx,
  choice: Choice = chosen(),
): Promise<BetterAuthOptions> {
  const sets = await setsOf(choice);
  // Two plugins may bring a third, as an app that uses both would list it once.
  const others = new Map<string, BetterAuthPlugin>();
  for (const plugin of sets.flatMap(({ plugins }) => plugins?.(variable) ?? []))
    if (!others.has(plugin.id)) others.set(plugin.id, plugin);
  const ours = [
    convex({ authConfig, ...merged(sets.map((set) => set.convexOptions ?? {})) }),
    ...(choice.twoOrigins ? [crossDomain({ siteUrl: variable("SITE_URL") })] : []),
  ];
  return {
    database: authComponent.adapter(ctx),
    telemetry: { enabled: false },
    plugins: {
      first: [...ours, ...others.values()],
      last: [...others.values(), ...ours],
      none: [...others.values()],
    }[choice.convex ?? "first"],
    ...merged([
      { emailAndPassword: { enabled: true, password: quickPasswords } },
      ...sets.map(({ options }) => options?.(variable) ?? {}),
    ]),
  };
}

export const createAuth = async (ctx: GenericCtx): Promise<AuthInstance> =>
  betterAuth(await createAuthOptions(ctx));

export const me: RegisteredQuery<"public", {}, Promise<AuthUser | null>> = queryGeneric({
  args: {},
  handler: (ctx) => authComponent.safeGetAuthUser(ctx),
});

/** Hashing well takes a quarter of a second and is not what is tested here; Better Auth has an option for it. */
const quickPasswords = {
  hash: async (password: string): Promise<string> => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(password));
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  },
  verify: async ({ hash, password }: { hash: string; password: string }): Promise<boolean> =>
    (await quickPasswords.hash(password)) === hash,
};
