/**
 * Sign-out in two calls. Better Auth (1.7) finds the session, deletes it, and then asks for the accounts of its user, which may
 * have a page of the provider to sign out at.
 */
import type { createAdapterFactory } from "better-auth/adapters";
import { carriedBy } from "./carried.js";
import type { RememberingStore } from "./request-memory/remembering-store.js";
import { clauses } from "./clauses.js";
import type { ConvexGateStore } from "./store.js";

type Helpers = Parameters<Parameters<typeof createAdapterFactory>[0]["adapter"]>[0];

/** What a Better Auth adapter is told when somebody signs out. */
export type SigningOut = () => void;

/**
 * Lets the accounts come along with the session's deletion. Undefined where an app's own hooks run between the two: they may
 * change an account.
 */
export function signingOut(
  { bringAlong }: ConvexGateStore & Partial<Pick<RememberingStore, "bringAlong">>,
  { options, schema, getModelName, getFieldName }: Helpers,
): SigningOut | undefined {
  if (!bringAlong || !("session" in schema) || options.databaseHooks?.session?.delete)
    return undefined;
  const userId = getFieldName({ model: "session", field: "userId" });
  const owner = getFieldName({ model: "account", field: "userId" });
  const limit = options.advanced?.database?.defaultFindManyLimit ?? 100;
  return () =>
    bringAlong("session", (session) => ({
      model: getModelName("account"),
      where: clauses([
        {
          field: owner,
          value: session[userId] as string,
          operator: "eq",
          connector: "AND",
          mode: "sensitive",
        },
      ]),
      limit,
    }));
}

/** The same of a Better Auth adapter's instance; undefined for an adapter that is not convex-gate's. */
export function signingOutOf(adapter: unknown): SigningOut | undefined {
  return carriedBy(adapter, "signingOut") as SigningOut | undefined;
}
