import { AuthBoundary, useGateStatus } from "convex-gate/react";
import { Account } from "./account";
import { Guest } from "./guest";
import { authClient } from "./lib/auth-client";
import { useFocusOnChange } from "./lib/use-focus-on-change";
import { SignIn } from "./sign-in/sign-in";
import { Status } from "./status";
import { Todos } from "./todos/todos";

export function App() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const who = session === "signedOut" ? "nobody" : (data?.user.id ?? null);
  const main = useFocusOnChange(who);
  return (
    <>
      <header className="bar">
        <h1>To-do</h1>
        <Status />
      </header>
      <main ref={main} tabIndex={-1}>
        <Account />
        <Guest />
        <AuthBoundary fallback={<SignIn />} loading={<p className="card">One moment…</p>}>
          <Todos />
        </AuthBoundary>
      </main>
    </>
  );
}
