import { useState } from "react";
import { authClient } from "./lib/auth-client";

export function SignOut() {
  const { data } = authClient.useSession();
  const [problem, setProblem] = useState("");

  async function signOut() {
    setProblem("");
    const { error } = await authClient.signOut();
    if (error) setProblem("You are still signed in: the server did not answer.");
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
