import { ConvexProvider, ConvexProviderWithAuth } from "convex/react";
import type { ConvexReactClient } from "convex/react";
import type { ReactElement, ReactNode } from "react";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { sessionIn } from "../client/auth-machine.js";
import type { Connection, InitialState } from "../client/connection.js";
import { createConnection, findConnection, joinConnection } from "../client/connection.js";
import type { ConvexAuthTarget } from "../client/convex-link.js";
import type { SessionQuery } from "../client/session-query.js";
import { reasonOf } from "../client/trouble.js";
import type { AuthClientLike } from "./auth-client.js";
import { GateContext } from "./gate-status.js";
import type { GateView } from "./gate-status.js";
import { SessionWatch } from "./session-watch.js";

/** Properties of {@link ConvexBetterAuthProvider}. */
export interface ConvexBetterAuthProviderProps {
  client: ConvexReactClient;
  /** The client of `createAuthClient` from `better-auth/react`, with the `convexClient()` plugin. */
  authClient: AuthClientLike;
  /** A JWT that the server rendered the page with: the first render is signed in already. */
  initialToken?: string | null | undefined;
  /**
   * What the server that rendered the page knew: `getState()` of `convex-gate/ssr` and the kits. The first render shows it:
   * signed in as with `initialToken`, signed out without a moment of "unknown", or degraded where the server got no answer.
   */
  initialState?: InitialState | undefined;
  /**
   * `sessionState` of `authComponent.clientApi()`, as the app exports it (`api.auth.sessionState`): every page learns at once
   * that its session was revoked, without a request. Without it only pages with a protected query do.
   */
  sessionQuery?: SessionQuery | undefined;
  children?: ReactNode;
}

/**
 * Signs Convex in as the Better Auth session, and keeps it so. Only an answer that there is no session, or a 401, signs
 * a user out; while the server cannot be reached the held token serves until it ends, and `useGateStatus` says so.
 * `<Authenticated>`, `<Unauthenticated>`, `<AuthLoading>` and `useConvexAuth` of `convex/react` work below it.
 *
 * Neither `client` nor `authClient` may change between renders; give the provider a `key` if they do.
 */
export function ConvexBetterAuthProvider(props: ConvexBetterAuthProviderProps): ReactElement {
  const { client, authClient, initialToken = null, initialState, sessionQuery, children } = props;
  const [connection, setConnection] = useState<Connection>(
    () =>
      findConnection(client, authClient) ??
      createConnection(client, authClient, initialState ?? { token: initialToken }),
  );
  const { gate, doubt, link } = connection;
  const state = useSyncExternalStore(gate.subscribe, gate.state, gate.state);

  useEffect(() => {
    const joined = joinConnection(client, authClient, connection);
    setConnection(joined.connection);
    return joined.leave;
  }, [client, authClient, connection]);

  const { data, error, isPending, isRefetching, refetch } = authClient.useSession();
  useEffect(() => {
    connection.observe({ data, error, isPending, isRefetching, refetch });
  }, [connection, data, error, isPending, isRefetching, refetch]);

  const isAuthenticated = state.session.status === "signedIn";
  const isLoading = state.session.status === "unknown" || state.trouble.convex || state.leaving;
  const auth = useMemo(
    () => ({ isLoading, isAuthenticated, fetchAccessToken: gate.fetchToken }),
    [isLoading, isAuthenticated, gate],
  );
  const useAuth = useCallback(() => auth, [auth]);
  const sessionId = sessionIn(state);
  const reason = reasonOf(state.trouble);
  const { stuck } = state.trouble;
  const view = useMemo<GateView>(
    () => ({
      status: { session: state.session.status, degraded: reason !== null, reason },
      sessionId,
      rendered: state.rendered,
      stuck,
      recheck: gate.recheck,
      doubt,
      holder: link.holder,
      gate,
      link,
    }),
    [state.session.status, sessionId, state.rendered, reason, stuck, gate, doubt, link],
  );
  const target = useConvexTarget(client, authClient, connection);
  return (
    <GateContext.Provider value={view}>
      <ConvexProviderWithAuth client={target} useAuth={useAuth}>
        <ConvexProvider client={client}>{children}</ConvexProvider>
        {/* Ends last: a message that ends one query makes the server run those that it refused again. */}
        <SessionWatch client={client} query={sessionQuery} onEnded={gate.noteEnded} />
      </ConvexProviderWithAuth>
    </GateContext.Provider>
  );
}

/**
 * What `ConvexProviderWithAuth` takes for its client: it signs in and out whenever its effects run anew, and only the
 * link knows which of these calls mean anything. Everything below gets the real client.
 */
function useConvexTarget(
  client: object,
  authClient: object,
  connection: Connection,
): ConvexAuthTarget {
  return useMemo(() => {
    let release: (() => void) | undefined;
    return {
      setAuth(_fetchToken, onChange, onRefreshChange) {
        release?.();
        const { link } = findConnection(client, authClient) ?? connection;
        release = link.hold({ onChange, onRefreshChange });
      },
      clearAuth() {
        release?.();
        release = undefined;
      },
    };
  }, [client, authClient, connection]);
}
