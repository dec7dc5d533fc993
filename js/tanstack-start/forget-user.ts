/** Empties a QueryClient of what it holds, so that the next user does not see it. */

/** The part of TanStack Query's `QueryClient` (version 5) that is used. */
export interface QueryClientLike {
  getQueryCache(): { getAll(): readonly QueryLike[]; remove(query: QueryLike): void };
  getMutationCache(): { clear(): void };
}

interface QueryLike {
  readonly observers: readonly ObserverLike[];
}

interface ObserverLike {
  readonly options: object;
  setOptions(options: object): void;
}

/**
 * Removes queries and mutations; with `isUsed` those of mounted components, too. These get new queries in place of theirs,
 * which start without data: emptying the cache alone would leave them with what they show, and cut off from what comes.
 */
export function forget(queryClient: QueryClientLike, { isUsed }: { isUsed: boolean }): void {
  const cache = queryClient.getQueryCache();
  for (const query of cache.getAll()) {
    const observers = [...query.observers];
    if (observers.length > 0 && !isUsed) continue;
    cache.remove(query);
    for (const observer of observers) observer.setOptions(observer.options);
  }
  queryClient.getMutationCache().clear();
}
