/** Tells whether a Convex client's socket is up. */

/** The part of a Convex client that deals with its connection. Older ones have none. */
export interface SocketTarget {
  subscribeToConnectionState?: (
    listener: (state: { readonly isWebSocketConnected: boolean }) => void,
  ) => () => void;
  connectionState?: () => { readonly isWebSocketConnected: boolean };
}

/** Convex stops its socket for a moment when it changes its identity, and every server restarts at times. */
const BLIP_MS = 3_000;

/** Tells at once when the socket is up and, when it was down for a while, that it is down. Gives back a function that ends that. */
export function watchSocket(client: SocketTarget, tell: (isUp: boolean) => void): () => void {
  if (!client.subscribeToConnectionState || !client.connectionState) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function wait(): void {
    const due = Date.now() + BLIP_MS;
    timer = setTimeout(() => {
      // A device that slept has not given the socket its time yet.
      if (Date.now() > due + BLIP_MS) wait();
      else tell(false);
    }, BLIP_MS);
  }
  function look({ isWebSocketConnected }: { readonly isWebSocketConnected: boolean }): void {
    if (!isWebSocketConnected) {
      if (timer === undefined) wait();
      return;
    }
    clearTimeout(timer);
    timer = undefined;
    tell(true);
  }
  const stop = client.subscribeToConnectionState(look);
  look(client.connectionState());
  return () => {
    clearTimeout(timer);
    stop();
  };
}
