import { useGateStatus } from "convex-gate/react";
import { authClient } from "./lib/auth-client";
import { useAttempt } from "./lib/use-attempt";
import { AskFirst } from "./ui/ask-first";
import { Problem } from "./ui/problem";

/** Who is signed in, and the way out. */
export function Account() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const { busy, problem, run } = useAttempt();
  if (session !== "signedIn") return null;
  const signOut = () => void run(() => authClient.signOut());
  return (
    <div className="account">
      {data && (
        <span className="who" title={data.user.name}>
          <span className="hidden">Signed in as </span>
          {data.user.name}
        </span>
      )}
      {data?.user.isAnonymous ? (
        <AskFirst
          className="plain"
          aria-disabled={busy}
          question="Leave your to-dos behind?"
          about="Nobody can sign in as this guest again: what you made here is lost when you sign out. With an account you would keep it."
          yes="Sign out and lose them"
          no="Stay"
          onYes={signOut}
        >
          Sign out
        </AskFirst>
      ) : (
        <button type="button" className="plain" aria-disabled={busy} onClick={signOut}>
          Sign out
        </button>
      )}
      <Problem text={problem} />
    </div>
  );
}
