import type { ConvexClient } from "convex/browser";
import { _authContextKey, useConvexClient } from "convex-svelte";
import { onDestroy, setContext } from "svelte";
import { sessionIn } from "../client/auth-machine.js";
import type { Connection, InitialState } from "../client/connection.js";
import { createConnection, findConnection, joinConnection } from "../client/connection.js";
import type { ConvexAuthTarget } from "../client/convex-link.js";
import { statusOf } from "../client/gate-status.js";
import type { SessionQuery } from "../client/session-query.js";
import { userIn } from "../client/switch.js";
import type { AuthClientLike } from "./auth-client.js";
import type { Auth } from "./auth-context.js";
import { provideAuth } from "./auth-context.js";
import { holdIdentity } from "./identity.js";
import { reactive } from "./reactive.js";
import { watchSession } from "./session-watch.js";

/** Options of {@link setupAuth}. */
export interface SetupAuthOptions {
  /**
   * What the server that rendered the page knew, `await locals.auth.getState()`. The first render shows it: signed in, signed
   * out without a moment of "unknown", or degraded where the server got no answer.
   */
  initialState?: InitialState | undefined;
  /** Only the JWT that the page was rendered with: the first render is signed in already. */
  initialToken?: string | null | undefined;
  /**
   * `sessionState` of `authComponent.clientApi()`, as the app exports it (`api.auth.sessionState`): every page learns at once
   * that its session was revoked, without a request. Without it only pages with a protected query do.
   */
  sessionQuery?: SessionQuery | undefined;
}

/**
 * Signs Convex in as the Better Auth session, and keeps it so, for as long as the component lives. Only an answer that there
 * is no session, or a 401, signs a user out; while the server cannot be reached the held token serves until it ends, and
 * `useAuth().degraded` says so. `useAuth` of `convex-svelte` works below it, too.
 *
 * To be called while a component is set up, after `setupConvex` there or above. What the server knew, `initialState` or
 * `initialToken`, is shown in the first render already. `authClient` is that of `createAuthClient` from `better-auth/svelte`
 * with the `convexClient()` plugin. The options are read once; a function for them spares Svelte's warning about that.
 */
export function setupAuth(
  authClient: AuthClientLike,
  options: SetupAuthOptions | (() => SetupAuthOptions) = {},
): Auth {
  const given = typeof options === "function" ? options() : options;
  const { initialState, initialToken = null, sessionQuery } = given;
  const client = useConvexClient();
  const connection =
    findConnection(client, authClient) ??
    createConnection(authTarget(client), authClient, initialState ?? { token: initialToken });
  const { gate, doubt } = connection;
  const listeners = new Set<() => void>();
  // Nothing is asked, and nothing shared between requests, where the page is only rendered.
  const isConfirmed =
    typeof document === "undefined"
      ? () => false
      : takePart(client, authClient, connection, sessionQuery, listeners);

  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    const stop = gate.subscribe(listener);
    return () => {
      listeners.delete(listener);
      stop();
    };
  };
  const isIn = (): boolean => mayQuery(connection, isConfirmed());
  const session = reactive(() => statusOf(gate.state()).session, subscribe);
  const reason = reactive(() => statusOf(gate.state()).reason, subscribe);
  const isAuthenticated = reactive(isIn, subscribe);
  const isLoading = reactive(
    () => statusOf(gate.state()).session !== "signedOut" && !isIn(),
    subscribe,
  );
  const auth: Auth = {
    get session() {
      return session();
    },
    get degraded() {
      return reason() !== null;
    },
    get reason() {
      return reason();
    },
    get isAuthenticated() {
      return isAuthenticated();
    },
    get isLoading() {
      return isLoading();
    },
  };
  provideAuth({ auth, doubt, sessionId: () => sessionIn(gate.state()) });
  // What `useAuth` of convex-svelte reads (0.14).
  setContext(_authContextKey, auth);
  return auth;
}

/**
 * Signs Convex in at once and not in an effect: those of the components below come first, and what they subscribe to must
 * wait for the identity. Gives back whether Convex has confirmed it.
 */
function takePart(
  client: ConvexClient,
  authClient: AuthClientLike,
  own: Connection,
  sessionQuery: SessionQuery | undefined,
  listeners: ReadonlySet<() => void>,
): () => boolean {
  const { connection, leave } = joinConnection(client, authClient, own);
  const { gate } = connection;
  let stopWatch: (() => void) | undefined;
  function followWatch(): void {
    if (!sessionQuery) return;
    if (mayQuery(connection, identity.isConfirmed()))
      stopWatch ??= watchSession(client, sessionQuery, gate.noteEnded);
    else {
      stopWatch?.();
      stopWatch = undefined;
    }
  }
  let store: unknown;
  const userOf = (sessionId: string): string | null => userIn(store, sessionId);
  const identity = holdIdentity(connection, userOf, () => {
    followWatch();
    for (const listener of [...listeners]) listener();
  });
  followWatch();
  const stops = [
    gate.subscribe(followWatch),
    authClient.useSession().subscribe((value) => {
      store = value.data;
      connection.observe(value);
      identity.follow();
    }),
    () => stopWatch?.(),
    identity.stop,
    leave,
  ];
  onDestroy(() => {
    for (const stop of stops) stop();
  });
  return identity.isConfirmed;
}

function mayQuery({ gate }: Connection, isConfirmed: boolean): boolean {
  const { session, trouble, leaving, rendered } = gate.state();
  return session.status === "signedIn" && !trouble.convex && !leaving && (isConfirmed || rendered);
}

/** `setAuth` of `ConvexClient` does not tell when Convex fetches another token; that of the client inside does (convex 1.48). */
function authTarget(client: ConvexClient): ConvexAuthTarget {
  return {
    setAuth: (...args) => client.client.setAuth(...args),
    clearAuth: () => client.client.clearAuth(),
  };
}
