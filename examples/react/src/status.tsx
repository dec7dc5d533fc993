import { useGateStatus } from "convex-gate/react";

const words = { unknown: "Connecting", signedIn: "Signed in", signedOut: "Signed out" };

/** How auth is doing. Read out by screen readers when it changes. */
export function Status() {
  const { session, degraded } = useGateStatus();
  const text = degraded ? "No answer from the server, trying again" : words[session];
  return (
    <p role="status" className="status" data-state={degraded ? "degraded" : session}>
      {text}
    </p>
  );
}
