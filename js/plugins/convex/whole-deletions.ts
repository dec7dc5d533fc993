/**
 * The deletion of a user, all of it or nothing. Better Auth (1.7) deletes sessions, accounts and the user by three writes of
 * `internalAdapter.deleteUser`, so that a trigger, a hook or a reference that keeps the user would keep one who can no longer
 * sign in.
 */
import type { AuthContext } from "better-auth";
import { backgroundOf } from "../../adapter/background.js";

/** Endpoints that end a user's sessions right before they delete the user, which ends them as well. */
const SESSIONS_END_WITH_USER = ["/admin/remove-user", "/delete-anonymous-user"];

/**
 * Makes `deleteUser` a transaction in whatever Better Auth takes for its internal adapter: it makes another one once the
 * plugins have begun, and assigns it (1.7, `runPluginInit`). Adapters that are not convex-gate's are left alone.
 */
export function deleteUsersWhole(context: AuthContext): void {
  if (!backgroundOf(context.adapter)) return;
  let current = context.internalAdapter;
  Object.defineProperty(context, "internalAdapter", {
    configurable: true,
    enumerable: true,
    get: () => current,
    set(next: AuthContext["internalAdapter"]) {
      current = next;
      const { deleteUser, deleteUserSessions, findUserById } = next;
      next.deleteUser = async (userId) => {
        // Better Auth makes its storage when it first asks for the adapter, which only a bare `$context` has not done yet.
        if (!adapterStorage()) await findUserById(userId);
        await inTransaction(context.adapter, () => deleteUser(userId));
      };
      next.deleteUserSessions = async (userId) => {
        const path = shared().endpointContextAsyncStorage?.getStore()?.path;
        if (!SESSIONS_END_WITH_USER.includes(path ?? "")) await deleteUserSessions(userId);
      };
    },
  });
  context.internalAdapter = current;
}

/** What Better Auth knows of the work that is under way: the adapter of its transaction, and what waits for the commit. */
interface Work {
  readonly adapter: object;
  readonly pendingHooks: (() => Promise<void>)[];
  readonly isTransactionActive: boolean;
}

interface Storage<T> {
  getStore(): T | undefined;
  run<R>(store: T, work: () => R): R;
}

interface Shared {
  readonly adapterAsyncStorage?: Storage<Work>;
  readonly endpointContextAsyncStorage?: Storage<{ readonly path?: string }>;
}

/** Joins a transaction that is under way, as Better Auth's own `runWithTransaction` does, which only its core exports. */
async function inTransaction(
  adapter: AuthContext["adapter"],
  work: () => Promise<void>,
): Promise<void> {
  const storage = adapterStorage();
  if (!storage || storage.getStore()?.isTransactionActive) return work();
  let pendingHooks: Work["pendingHooks"] = [];
  await adapter.transaction((within) => {
    pendingHooks = [];
    return storage.run({ adapter: within, pendingHooks, isTransactionActive: true }, work);
  });
  for (const hook of pendingHooks) await hook();
}

function adapterStorage(): Shared["adapterAsyncStorage"] {
  return shared().adapterAsyncStorage;
}

/** Better Auth keeps it in one place for all copies of itself in a process. */
function shared(): Shared {
  const holder = Reflect.get(globalThis, Symbol.for("better-auth:global")) as
    { readonly context?: Shared } | undefined;
  return holder?.context ?? {};
}
