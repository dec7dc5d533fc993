import { useQuery } from "convex-svelte";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { convexToJson } from "convex/values";
import type { Value } from "convex/values";
import { createSubscriber } from "svelte/reactivity";
import type { Preloaded } from "../client/preloaded.js";
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
  readonly preloaded?: Preloaded<FunctionReturnType<Q>> | undefined;
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
 * query and it is not known yet why, the last result stays. To be called while a component is set up.
 *
 * @throws GateError `NO_PROVIDER` elsewhere.
 */
export function useAuthQuery<Q extends Query>(
  query: Q,
  args: Args<Q> | (() => Args<Q>) = {} as FunctionArgs<Q>,
  options: AuthQueryOptions<Q> = {},
): AuthQuery<Q> {
  const { auth, sessionId, doubt } = requireAuth("useAuthQuery()");
  const wanted = (): Args<Q> => (typeof args === "function" ? (args as () => Args<Q>)() : args);
  // Another user may have signed in since the page was loaded.
  const { session, value } = options.preloaded ?? {};
  const initialData = session === sessionId() ? value : undefined;
  const live = useQuery(
    query,
    () => (auth.isAuthenticated ? wanted() : "skip"),
    initialData === undefined ? {} : { initialData },
  );
  // The result of this session for these arguments, and whether the server has said since what a refusal meant.
  let held = { key: keyOf(sessionId(), wanted()), data: initialData };
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
    const now = wanted();
    if (auth.session === "signedOut" || now === "skip") return { isIdle: true };
    const key = keyOf(sessionId(), now);
    if (live.error && !isInDoubt(live.error)) return { error: live.error };
    if (live.data !== undefined) {
      held = { key, data: live.data };
      isSettled = false;
    }
    return held.key !== null && held.key === key ? { data: held.data } : {};
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

/** What a result belongs to; null where nobody is known to be signed in. */
function keyOf(session: string | null, args: Value | "skip"): string | null {
  if (session === null || args === "skip") return null;
  return JSON.stringify([session, convexToJson(args)]);
}
