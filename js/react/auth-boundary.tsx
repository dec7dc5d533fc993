import type { ReactElement, ReactNode } from "react";
import { useEffect, useRef } from "react";
import { useGateStatus } from "./gate-status.js";

/** Properties of {@link AuthBoundary}. */
export interface AuthBoundaryProps {
  children?: ReactNode;
  /** Shown while nobody is signed in. */
  fallback?: ReactNode;
  /** Shown while it is not known yet whether somebody is. */
  loading?: ReactNode;
  /** Called when a signed-in user becomes signed out, here or by revocation elsewhere. */
  onSignedOut?: () => void;
}

/**
 * Shows its children to signed-in users only, and unmounts them when the session ends, so that their queries are gone
 * before Convex refuses them. Imported from `convex-gate/react`; works under `ConvexBetterAuthProvider`.
 */
export function AuthBoundary(props: AuthBoundaryProps): ReactElement {
  const { children, fallback = null, loading = null, onSignedOut } = props;
  const { session } = useGateStatus();
  const previous = useRef(session);
  useEffect(() => {
    if (previous.current === "signedIn" && session === "signedOut") onSignedOut?.();
    previous.current = session;
  }, [session, onSignedOut]);
  if (session === "unknown") return <>{loading}</>;
  return <>{session === "signedIn" ? children : fallback}</>;
}
