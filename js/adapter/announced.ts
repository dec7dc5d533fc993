/**
 * What an endpoint of Better Auth (1.7) is known to ask for next, so that it comes along with what it asks for now. Sign-out
 * deletes the session and then asks for the accounts of its user, which may have a page of the provider to sign out at.
 * Nearly every endpoint of organizations finds the session and then the user's membership.
 */
import type { createAdapterFactory } from "better-auth/adapters";
import { carriedBy } from "./carried.js";
import { clauses } from "./clauses.js";
import type { RememberingStore } from "./request-memory/remembering-store.js";
import type { ConvexGateStore } from "./store.js";

type Helpers = Parameters<Parameters<typeof createAdapterFactory>[0]["adapter"]>[0];

/** Memberships that come along with a session. Of a user who has more none is known. */
const MOST_MEMBERSHIPS = 10;

/** What a Better Auth adapter is told of the request that its endpoint is about to answer. */
export interface Announcements {
  /** `path` is the endpoint's; `isFirst` is false where a hook has read the session already. */
  begin(path: string | undefined, isFirst: boolean): void;
  /** The endpoint has answered. */
  end(): void;
}

/** Undefined where nothing is told of endpoints: in a transaction, and where sessions are kept elsewhere. */
export function announcements(
  store: ConvexGateStore & Partial<RememberingStore>,
  { options, schema, getModelName, getFieldName }: Helpers,
): Announcements | undefined {
  const { bringAlong, joinAlong, begin, end } = store;
  if (!bringAlong || !joinAlong || !begin || !end || !("session" in schema)) return undefined;
  const userId = (model: string): string => getFieldName({ model, field: "userId" });
  const limit = options.advanced?.database?.defaultFindManyLimit ?? 100;
  return {
    begin(path, isFirst) {
      begin();
      if (path !== "/sign-out") {
        if (!isFirst || !path?.startsWith("/organization/") || !("member" in schema)) return;
        joinAlong("session", {
          as: "alongside",
          table: getModelName("member"),
          from: userId("session"),
          to: userId("member"),
          limit: MOST_MEMBERSHIPS,
          relation: "one-to-many",
        });
        // The app's own hooks run between the deletion and the accounts, and may change those.
      } else if (!options.databaseHooks?.session?.delete) {
        bringAlong("session", ({ [userId("session")]: value }) => ({
          model: getModelName("account"),
          where: clauses([
            {
              field: userId("account"),
              value: value as string,
              operator: "eq",
              connector: "AND",
              mode: "sensitive",
            },
          ]),
          limit,
        }));
      }
    },
    end,
  };
}

/** The same of a Better Auth adapter's instance; undefined for an adapter that is not convex-gate's. */
export function announcementsOf(adapter: unknown): Announcements | undefined {
  return carriedBy(adapter, "announcements") as Announcements | undefined;
}
