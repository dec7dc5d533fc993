import { useGateStatus } from "convex-gate/react";
import { useState } from "react";
import { authClient } from "./lib/auth-client";
import { problemOf } from "./lib/problem-of";

/** Who is signed in, and the way out. */
export function Account() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const [problem, setProblem] = useState("");
  if (session !== "signedIn") return null;

  async function signOut() {
    setProblem("");
    setProblem(await problemOf(() => authClient.signOut()));
  }

  return (
    <>
      <div className="row">
        <span className="grow">{data ? `Signed in as ${data.user.name}` : ""}</span>
        <button type="button" className="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
      {problem !== "" && <p role="alert">{problem}</p>}
    </>
  );
}
