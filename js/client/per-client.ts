/** State that belongs to one Better Auth client. */

/**
 * Gives what `make` made for a client, the same one each time. The key is the client's fetch, which is all that a client
 * plugin and a provider both know.
 */
export function perClient<T>(make: () => T): (clientFetch: object) => T {
  const made = new WeakMap<object, T>();
  return (clientFetch) => {
    const known = made.get(clientFetch);
    if (known !== undefined) return known;
    const fresh = make();
    made.set(clientFetch, fresh);
    return fresh;
  };
}
