/** Keeps a Convex client signed in as a gate's session, with as few calls of `setAuth` as there are sessions. */
import { sessionIn } from "./auth-machine.js";
import type { Gate } from "./gate.js";
import { sessionIdOf } from "./token-expiry.js";

/** The part of a Convex client that deals with identity. */
export interface ConvexAuthTarget {
  setAuth(
    fetchToken: (options: { forceRefreshToken: boolean }) => Promise<string | null | undefined>,
    onChange: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void;
  clearAuth(): void;
}

/** Who wants to know how Convex sees the identity. */
export interface ConvexListener {
  readonly onChange: (isAuthenticated: boolean) => void;
  readonly onRefreshChange?: ((isRefreshing: boolean) => void) | undefined;
}

/** The link between one Convex client and one gate. */
export interface ConvexLink {
  /** Signs Convex in, unless it is, and reports to the listener from now on. Gives back a function that ends that. */
  readonly hold: (listener: ConvexListener) => () => void;
  readonly holder: Holder;
}

/** Whose results a Convex client has. */
export interface Holder {
  /** The session of the identity that Convex has taken last; it stays while Convex has lost it. */
  readonly session: () => string | null;
  /** Calls back when that is another one. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Makes a link. `confirmed` is called each time that Convex has taken an identity. */
export function createConvexLink(
  client: ConvexAuthTarget,
  gate: Gate,
  confirmed: () => void = () => undefined,
): ConvexLink {
  const listeners = new Set<ConvexListener>();
  let attached: string | null = null;
  // The session of the last token that Convex fetched, and how many fetches are under way.
  let fetched: string | null = null;
  let fetching = 0;
  let held: string | null = null;
  // Whether Convex may have taken another identity than that, which it does not report where it fetched the token by itself.
  let isUntold = false;
  const watchers = new Set<() => void>();
  let reported: boolean | null = null;
  let unsubscribe: (() => void) | undefined;
  // Convex was refused, has stopped its socket and is about to ask for a token. A `setAuth` in the middle of that would
  // leave the socket stopped for good (convex 1.48).
  let isRefreshing = false;

  function taken(): void {
    confirmed();
    isUntold = false;
    const taker = fetched;
    // Convex reports the identity before the results that came with it (convex 1.48).
    queueMicrotask(() => {
      held = taker;
      for (const watcher of [...watchers]) watcher();
    });
  }

  function attach(): void {
    isUntold = false;
    attached = sessionIn(gate.state());
    client.setAuth(fetchToken, report, (is) => {
      isRefreshing = is;
      for (const listener of [...listeners]) listener.onRefreshChange?.(is);
      if (!is) taken();
      // Once Convex has finished what it is doing now.
      if (!is) queueMicrotask(follow);
    });
  }

  async function fetchToken(how: { forceRefreshToken: boolean }): Promise<string | null> {
    fetching += 1;
    const token = await gate.fetchToken({ ...how, isRefused: isRefreshing });
    fetching -= 1;
    fetched = sessionIdOf(token);
    // Once Convex has taken it.
    queueMicrotask(follow);
    return token;
  }

  function attachAgain(): void {
    // Otherwise Convex fetches the token that is there now by itself, or fails and is offered it later.
    if (!isRefreshing) attach();
  }

  function report(isAuthenticated: boolean): void {
    const isSignedOut = gate.state().session.status !== "signedIn";
    // Without a token Convex says "not authenticated", whatever the reason. That is news only when the user is signed
    // out; otherwise it is a trouble that passes, and the gate tries again.
    if (!isSignedOut) gate.noteConvex(!isAuthenticated);
    if (!isAuthenticated && !isSignedOut) {
      reported = null;
      return;
    }
    reported = isAuthenticated;
    if (isAuthenticated) taken();
    for (const listener of [...listeners]) listener.onChange(isAuthenticated);
  }

  function follow(): void {
    const { token } = gate.state();
    const session = sessionIn(gate.state());
    if (session === null || session === attached || isRefreshing || !unsubscribe) return;
    // Convex itself is about to get the token of the other session, or has it already. Whoever else asked for it, as a
    // refused query does, leaves Convex with the old one.
    if (fetching > 0 && sessionIdOf(token) === session) return;
    // Whoever waits for Convex to have taken it needs a call.
    isUntold = fetched === session && watchers.size === 0;
    if (isUntold) attached = session;
    else attach();
  }

  function detachUnlessHeld(): void {
    if (listeners.size > 0 || !unsubscribe) return;
    unsubscribe();
    unsubscribe = undefined;
    attached = null;
    fetched = null;
    reported = null;
    isUntold = false;
    client.clearAuth();
  }

  return {
    holder: {
      session: () => held,
      subscribe(watcher) {
        watchers.add(watcher);
        if (isUntold) attachAgain();
        return () => void watchers.delete(watcher);
      },
    },
    hold(listener) {
      listeners.add(listener);
      if (unsubscribe) {
        if (reported !== null) listener.onChange(reported);
      } else {
        const stops = [gate.subscribe(follow), gate.onRecovered(attachAgain)];
        unsubscribe = () => stops.forEach((stop) => stop());
        attach();
      }
      return () => {
        listeners.delete(listener);
        // React unmounts and mounts anew in StrictMode, on hot reload and when a hook's result changes. Whoever comes
        // back at once finds Convex still signed in.
        queueMicrotask(detachUnlessHeld);
      };
    },
  };
}
