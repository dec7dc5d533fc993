import { AuthBoundary, useGateStatus } from "convex-gate/react";
import { Account } from "./account";
import { Guest } from "./guest";
import { authClient } from "./lib/auth-client";
import { useView, views } from "./lib/use-view";
import type { View } from "./lib/use-view";
import { Navigation } from "./navigation";
import { Security } from "./security/security";
import { Sessions } from "./security/sessions";
import { NewPassword, useResetLink } from "./sign-in/new-password";
import { SignIn } from "./sign-in/sign-in";
import { Status } from "./status";
import { Team } from "./team/team";
import { Todos } from "./todos/todos";
import { ErrorBoundary } from "./ui/error-boundary";
import { PageHeading } from "./ui/page-heading";

const pages: Record<View, () => React.ReactNode> = {
  todos: Todos,
  team: Team,
  security: Security,
  sessions: Sessions,
};

export function App() {
  const { session } = useGateStatus();
  const resetLink = useResetLink();
  const view = useView();
  return (
    <>
      <header>
        <div className="bar">
          <p className="brand">To-do</p>
          <Account />
        </div>
        {session === "signedIn" && <Navigation current={view} />}
        <Status />
      </header>
      <main>{resetLink ? <NewPassword {...resetLink} /> : <Pages view={view} />}</main>
    </>
  );
}

function Pages({ view }: { view: View }) {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const Page = pages[view];
  return (
    <>
      {session === "signedIn" && data ? (
        <PageHeading text={views[view]} of={data.user.id} />
      ) : (
        session !== "signedOut" && <h1 className="hidden">To-do</h1>
      )}
      <Guest />
      <ErrorBoundary key={view}>
        <AuthBoundary fallback={<SignIn />} loading={<p className="card faint">One moment…</p>}>
          <Page />
        </AuthBoundary>
      </ErrorBoundary>
    </>
  );
}
