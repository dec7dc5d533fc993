import { useQuery } from "convex-svelte";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { createSubscriber } from "svelte/reactivity";
import type { PreloadedAuthQuery } from "../client/preloaded.js";
import { argsKey } from "../client/preloaded.js";
import { isRefusal } from "../client/refusal.js";
import { requireAuth } from "./auth-context.js";

type Query = FunctionReference<"query">;
type Args<Q extends Query> = FunctionArgs<Q> | "skip";

/** Options of {@link useAuthQuery}. */
export interface AuthQueryOptions<Q extends Query> {
  /**
   * What `preloadAuthQuery` of `convex-gate/sveltekit` gave for the same query and arguments: shown until the live result is
   * there, to the user whose data it is.
   */
  readonly preloaded?: PreloadedAuthQuery<FunctionReturnType<Q>> | undefined;
}

/** The result of a query. Its members are reactive: read them where they are used, do not destructure. */
export interface AuthQuery<Q extends Query> {
  /** The last result; undefined while there is none, and once nobody is signed in. */
  readonly data: FunctionReturnType<Q> | undefined;
  /** What the query threw. A refusal is told only once it is known that somebody is signed in all the same. */
  readonly error: Error | undefined;
  /** There is neither a result nor an error yet, and there will be one. */
  readonly isLoading: boolean;
}

/**
 * A live query of the signed-in user, below a component that called `setupAuth`: `useQuery` of `convex-svelte` that runs while
 * `useAuth().isAuthenticated`, so that it is never refused for nobody. While Convex has no identity for a moment, or refuses the
 * query and it is not known yet why, the last result stays. To be called while a component is set up. Functions
 * as `args` and `options` are reactive: `() => ({ preloaded: data.todos })`.
 *
 * @throws GateError `NO_PROVIDER` elsewhere.
 */
export function useAuthQuery<Q extends Query>(
  query: Q,
  args: Given<Args<Q>> = {} as FunctionArgs<Q>,
  options: Given<AuthQueryOptions<Q>> = {},
): AuthQuery<Q> {
  const { auth, sessionId, doubt } = requireAuth("useAuthQuery()");
  const live = useQuery(query, () => (auth.isAuthenticated ? valueOf(args) : "skip"));
  // The last live result, and whether the server has said since what a refusal meant.
  let held: PreloadedAuthQuery<FunctionReturnType<Q>> | undefined;
  let isSettled = false;
  const track = createSubscriber((update) =>
    doubt.subscribe(() => {
      isSettled = true;
      update();
    }),
  );

  function isInDoubt(error: Error): boolean {
    track();
    if (!isRefusal(error) || (isSettled && !doubt.is())) return false;
    // Whoever reads this may be rendering.
    queueMicrotask(doubt.raise);
    return true;
  }

  function read(): { data?: FunctionReturnType<Q> | undefined; error?: Error; isIdle?: boolean } {
    const wanted = valueOf(args);
    if (auth.session === "signedOut" || wanted === "skip") return { isIdle: true };
    if (live.error && !isInDoubt(live.error)) return { error: live.error };
    const now = { session: sessionId(), args: argsKey(wanted) };
    if (live.data !== undefined) {
      held = { ...now, value: live.data };
      isSettled = false;
    }
    // What belongs to another session is another user's.
    const known = [held, valueOf(options).preloaded].find(
      (each) => each?.value !== undefined && each.session === now.session && each.args === now.args,
    );
    return { data: now.session === null ? undefined : known?.value };
  }

  return {
    get data() {
      return read().data;
    },
    get error() {
      return read().error;
    },
    get isLoading() {
      const { data, error, isIdle = false } = read();
      return data === undefined && error === undefined && !isIdle;
    },
  };
}

type Given<T> = T | (() => T);

function valueOf<T>(given: Given<T>): T {
  return typeof given === "function" ? (given as () => T)() : given;
}
