/** `fetch` of an action: http and https only, and nothing once the action is over. */

/** Wraps what really fetches. */
export function actionsFetch(inner: typeof fetch, isOver: () => boolean): typeof fetch {
  return async (input, init) => {
    if (isOver()) return new Promise<never>(() => undefined);
    const { protocol } = new URL(input instanceof Request ? input.url : input);
    if (protocol !== "http:" && protocol !== "https:") {
      throw new TypeError(
        `Unsupported URL scheme -- http and https are supported (scheme was ${protocol.slice(0, -1)})`,
      );
    }
    return inner(input, init);
  };
}
