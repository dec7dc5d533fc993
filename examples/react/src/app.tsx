import { AuthBoundary, useGateStatus } from "convex-gate/react";
import { SessionEnded } from "./session-ended";
import { SignIn } from "./sign-in";
import { Todos } from "./todos";

export function App() {
  const { degraded } = useGateStatus();
  return (
    <main>
      <h1>To-do</h1>
      {degraded && (
        <p role="status" className="notice">
          The server cannot be reached. You stay signed in; trying again…
        </p>
      )}
      <AuthBoundary fallback={<SignIn />} loading={<p role="status">Loading…</p>}>
        <SessionEnded>
          <Todos />
        </SessionEnded>
      </AuthBoundary>
    </main>
  );
}
