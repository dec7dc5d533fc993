/** Rids a QueryClient of what it holds of one user, before it is another's. */

/** The part of TanStack Query's `QueryClient` (version 5) that is used. */
export interface QueryClientLike {
  getQueryCache(): QueryCacheLike;
  getMutationCache(): { clear(): void };
}

interface QueryCacheLike {
  getAll(): readonly QueryLike[];
  remove(query: QueryLike): void;
  subscribe(listener: (event: { type: string; query: QueryLike }) => void): () => void;
}

interface QueryLike {
  readonly queryKey: readonly unknown[];
  readonly state: { readonly status: string; readonly data: unknown };
  readonly observers: readonly ObserverLike[];
  setState(state: { data: undefined }): void;
}

interface ObserverLike {
  readonly options: object;
  setOptions(options: object): void;
}

/** Forgets what a QueryClient holds. */
export interface Forgetting {
  /** Removes what no component uses. */
  readonly unused: () => void;
  /** The user is another one: removes all that is not asked again by itself. */
  readonly user: () => void;
  /** Follows what becomes of the former user's queries. Gives back a function that ends that. */
  readonly follow: () => () => void;
}

/** Makes it, for one QueryClient. */
export function createForgetting(queryClient: QueryClientLike): Forgetting {
  const cache = queryClient.getQueryCache();
  // Queries of mounted components that Convex asks anew for the next user. Until then they hold what was the former's.
  const former = new WeakSet<QueryLike>();

  function unused(): void {
    for (const query of cache.getAll()) if (query.observers.length === 0) cache.remove(query);
  }

  return {
    unused,
    user() {
      unused();
      for (const query of cache.getAll()) {
        if (isLive(query)) former.add(query);
        else startOver(query);
      }
      queryClient.getMutationCache().clear();
    },
    follow: () =>
      cache.subscribe(({ type, query }) => {
        if (!former.has(query)) return;
        if (type === "observerRemoved" && query.observers.length === 0) cache.remove(query);
        // A query that fails keeps what it had.
        const isRefused = query.state.status === "error" && query.state.data !== undefined;
        if (type === "updated" && isRefused) query.setState({ data: undefined });
      }),
  };

  /** Gives mounted components a new query: removal alone would leave them with what they show, and cut off from news. */
  function startOver(query: QueryLike): void {
    const observers = [...query.observers];
    cache.remove(query);
    for (const observer of observers) observer.setOptions(observer.options);
  }
}

/** Whether it is a subscription of `@convex-dev/react-query` that works. */
function isLive({ queryKey, state }: QueryLike): boolean {
  return queryKey[0] === "convexQuery" && state.status !== "error";
}
