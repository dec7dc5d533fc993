import { ConvexProviderWithAuth } from "convex/react";
import type { ConvexReactClient } from "convex/react";
import type { ReactElement, ReactNode } from "react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { SessionKnowledge } from "../client/session-knowledge.js";
import { learn } from "../client/session-knowledge.js";
import { isTokenExpired, sessionIdOf } from "../client/token-expiry.js";
import type { TokenSource } from "../client/token-source.js";
import { createTokenSource } from "../client/token-source.js";
import type { AuthClientLike } from "./auth-client.js";
import { requestToken } from "./auth-client.js";
import type { GateStatus } from "./gate-status.js";
import { GateStatusContext } from "./gate-status.js";

/** Properties of {@link ConvexBetterAuthProvider}. */
export interface ConvexBetterAuthProviderProps {
  client: ConvexReactClient;
  /** The client of `createAuthClient` from `better-auth/react`, with the `convexClient()` plugin. */
  authClient: AuthClientLike;
  /** A JWT that the server rendered the page with: the first render is signed in already. */
  initialToken?: string | null;
  children?: ReactNode;
}

/**
 * Signs Convex in as the Better Auth session, and keeps it so. Only an answer that there is no session, or a 401, signs
 * a user out; while the server cannot be reached the held token serves until it ends, and `useGateStatus` says so.
 * `<Authenticated>`, `<Unauthenticated>`, `<AuthLoading>` and `useConvexAuth` of `convex/react` work below it.
 */
export function ConvexBetterAuthProvider(props: ConvexBetterAuthProviderProps): ReactElement {
  const { client, authClient, initialToken, children } = props;
  const [knowledge, setKnowledge] = useState<SessionKnowledge>(() => known(initialToken));
  const [degraded, setDegraded] = useState(false);
  const [epoch, setEpoch] = useState(0);
  const authClientRef = useRef(authClient);
  authClientRef.current = authClient;

  // Made once a mount, so that the fetcher keeps its identity: each new one makes Convex drop to anonymous in between.
  const [source] = useState<TokenSource>(() => {
    const made = createTokenSource({
      request: (fresh) => requestToken(authClientRef.current, fresh),
      onSignedOut: () => setKnowledge({ status: "signedOut" }),
      onDegraded: setDegraded,
      onRecovered: () => setEpoch((before) => before + 1),
    });
    if (initialToken && !isTokenExpired(initialToken)) made.set(initialToken);
    return made;
  });

  const { data, error, isPending } = authClient.useSession();
  useEffect(() => {
    setKnowledge((before) => learn(before, { data, error, isPending }));
  }, [data, error, isPending]);
  useEffect(() => () => source.dispose(), [source]);

  const sessionId = knowledge.status === "signedIn" ? knowledge.sessionId : null;
  useSessionChange(client, source, sessionId, epoch);

  const fetchAccessToken = useCallback(
    (options: { forceRefreshToken: boolean }) => source.fetch(options),
    [source],
  );
  const auth = useMemo(
    () => ({
      isLoading: knowledge.status === "unknown",
      isAuthenticated: knowledge.status === "signedIn",
      fetchAccessToken,
    }),
    [knowledge.status, fetchAccessToken],
  );
  const useAuth = useCallback(() => auth, [auth]);
  const status = useMemo<GateStatus>(
    () => ({ session: knowledge.status, degraded }),
    [knowledge.status, degraded],
  );
  return (
    <GateStatusContext.Provider value={status}>
      <ConvexProviderWithAuth client={client} useAuth={useAuth}>
        {children}
      </ConvexProviderWithAuth>
    </GateStatusContext.Provider>
  );
}

function known(initialToken: string | null | undefined): SessionKnowledge {
  const sessionId = isTokenExpired(initialToken) ? null : sessionIdOf(initialToken);
  return sessionId === null ? { status: "unknown" } : { status: "signedIn", sessionId };
}

/**
 * Moves Convex from one session straight to the next, and lets it try again after a recovery. The first session is
 * `ConvexProviderWithAuth`'s own business, and so is signing out.
 */
function useSessionChange(
  client: ConvexReactClient,
  source: TokenSource,
  sessionId: string | null,
  epoch: number,
): void {
  const previous = useRef({ sessionId, epoch });
  useEffect(() => {
    const before = previous.current;
    previous.current = { sessionId, epoch };
    const isOther = before.sessionId !== sessionId;
    if (isOther && sessionIdOf(source.current()) !== sessionId) source.set(null);
    const moved = isOther && before.sessionId !== null && sessionId !== null;
    const recovered = before.epoch !== epoch && sessionId !== null;
    if (moved || recovered) client.setAuth((options) => source.fetch(options));
  }, [client, source, sessionId, epoch]);
}
