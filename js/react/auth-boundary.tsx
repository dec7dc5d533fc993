import { ConvexProvider, useConvex, useConvexAuth } from "convex/react";
import type { ReactElement, ReactNode } from "react";
import { Component, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { isRefusal } from "../client/refusal.js";
import { GateContext } from "./gate-status.js";
import { patientClient } from "./patient-client.js";

/** Properties of {@link AuthBoundary}. */
export interface AuthBoundaryProps {
  children?: ReactNode;
  /** Shown while nobody is signed in. */
  fallback?: ReactNode;
  /** Shown while it is not known yet whether somebody is, and while Convex has not confirmed it. */
  loading?: ReactNode;
  /**
   * Shown instead of `loading` when that has failed several times and is being tried again: `useGateStatus().reason` tells
   * why. @default a sentence in English; in React Native, which has no elements of HTML, what `loading` is
   */
  unavailable?: ReactNode;
  /** Called when a signed-in user becomes signed out, here or by revocation elsewhere. */
  onSignedOut?: (() => void) | undefined;
}

/**
 * Shows its children to signed-in users only, once Convex has confirmed the session, or at once on a page that
 * begins with a token, from its server or the visit before: their queries need no guards. When the session ends they are unmounted. What their queries
 * are refused meanwhile, as an "unauthenticated" error, they are not told: each keeps its last result until the server has
 * answered, and Convex has taken the session that there is then.
 * Imported from `convex-gate/react`; works under `ConvexBetterAuthProvider`.
 */
export function AuthBoundary(props: AuthBoundaryProps): ReactElement {
  const {
    children,
    fallback = null,
    loading = null,
    // Without a document there are no elements of HTML; on a server nothing has failed several times.
    unavailable = typeof document === "undefined" ? loading : <Unavailable />,
    onSignedOut,
  } = props;
  const { status, rendered, stuck, recheck, doubt } = useContext(GateContext);
  const { isAuthenticated } = useConvexAuth();
  const [attempt, setAttempt] = useState(0);
  const retry = useRetry(recheck, () => setAttempt((before) => before + 1));

  const client = useConvex();
  const patient = useMemo(() => doubt && patientClient(client, doubt), [client, doubt]);

  const previous = useRef(status.session);
  useEffect(() => {
    if (previous.current === "signedIn" && status.session === "signedOut") onSignedOut?.();
    previous.current = status.session;
  }, [status.session, onSignedOut]);

  if (status.session === "signedOut") return <>{fallback}</>;
  // Queries of a rendered page wait: `ConvexProviderWithAuth` signs Convex in before any of them is sent.
  const isConfirmed = isAuthenticated || rendered;
  if (status.session === "unknown" || !isConfirmed) return <>{stuck ? unavailable : loading}</>;
  return (
    <RefusalCatcher key={attempt} loading={loading} onRefused={retry}>
      {patient ? <ConvexProvider client={patient}>{children}</ConvexProvider> : children}
    </RefusalCatcher>
  );
}

function Unavailable(): ReactElement {
  return <p role="alert">Signing in does not work at the moment. Trying again.</p>;
}

/** Pauses between attempts to show children that were refused although the server says that the session is alive. */
const PAUSES_MS = [0, 1_000, 5_000, 30_000];
/** After this long without a refusal the first pause is due again. */
const CALM_MS = 60_000;

function useRetry(recheck: () => Promise<void>, again: () => void): () => void {
  const refusals = useRef({ count: 0, last: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(again);
  useEffect(() => {
    latest.current = again;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    const now = Date.now();
    const count = now - refusals.current.last > CALM_MS ? 0 : refusals.current.count;
    refusals.current = { count: count + 1, last: now };
    const pause = PAUSES_MS[Math.min(count, PAUSES_MS.length - 1)];
    void recheck().then(() => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => latest.current(), pause);
    });
  }, [recheck]);
}

interface CatcherProps {
  children?: ReactNode;
  loading: ReactNode;
  onRefused: () => void;
}

/** A class, because React has no other way to take an error of children. */
class RefusalCatcher extends Component<CatcherProps, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    if (isRefusal(error)) this.props.onRefused();
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (isRefusal(error)) return this.props.loading;
    // Somebody else's.
    throw error;
  }
}
