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
  setState(state: { data: undefined; status?: "pending" }): void;
  fetch(): Promise<unknown>;
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
  /** Another session took the place of the user's: nothing of his is shown until Convex has taken that. */
  readonly hide: () => void;
  /** Convex has. */
  readonly show: () => void;
  /** Follows what becomes of the former user's queries. Gives back a function that ends that. */
  readonly follow: () => () => void;
}

/** Makes it, for one QueryClient. */
export function createForgetting(queryClient: QueryClientLike): Forgetting {
  const cache = queryClient.getQueryCache();
  // Queries of mounted components that Convex asks anew for the next user. Until then they hold what was the former's.
  const former = new WeakSet<QueryLike>();
  const hidden = new Set<QueryLike>();

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
    hide() {
      for (const query of cache.getAll()) {
        // A component that suspends would take what Convex still has, at once.
        if (query.observers.some(({ options }) => "suspense" in options && options.suspense))
          continue;
        if (isLive(query)) hidden.add(query);
        query.setState({ data: undefined, status: "pending" });
      }
    },
    show() {
      // Convex's bindings do not bring news to a query that is empty: it takes what there is.
      for (const query of hidden)
        if (query.observers.length > 0) query.fetch().catch(() => undefined);
      hidden.clear();
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
