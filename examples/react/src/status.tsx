import { useGateStatus } from "convex-gate/react";

/** Says when auth does not get through, above the page so that nothing moves. Read out by screen readers. */
export function Status() {
  const { session, degraded } = useGateStatus();
  return (
    <p role="status" className="status" data-state={degraded ? "degraded" : session}>
      {degraded && "No answer from the server, trying again"}
    </p>
  );
}
