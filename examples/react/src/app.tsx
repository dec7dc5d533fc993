import { AuthBoundary, useGateStatus } from "convex-gate/react";
import { Account } from "./account";
import { Guest } from "./guest";
import { authClient } from "./lib/auth-client";
import { useFocusOnChange } from "./lib/use-focus-on-change";
import { useView } from "./lib/use-view";
import type { View } from "./lib/use-view";
import { Navigation } from "./navigation";
import { Security } from "./security/security";
import { Sessions } from "./security/sessions";
import { SignIn } from "./sign-in/sign-in";
import { Status } from "./status";
import { Team } from "./team/team";
import { Todos } from "./todos/todos";
import { ErrorBoundary } from "./ui/error-boundary";

const pages: Record<View, () => React.ReactNode> = {
  todos: Todos,
  team: Team,
  security: Security,
  sessions: Sessions,
};

export function App() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const view = useView();
  const Page = pages[view];
  const main = useFocusOnChange(session === "signedOut" ? "nobody" : data && data.user.id + view);
  return (
    <>
      <header>
        <div className="bar">
          <h1>To-do</h1>
          <Status />
          <Account />
        </div>
        {session === "signedIn" && <Navigation current={view} />}
      </header>
      <main ref={main} tabIndex={-1}>
        <Guest />
        <ErrorBoundary key={view}>
          <AuthBoundary fallback={<SignIn />} loading={<p className="card">One moment…</p>}>
            <Page />
          </AuthBoundary>
        </ErrorBoundary>
      </main>
    </>
  );
}
