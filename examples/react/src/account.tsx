import { useQuery } from "convex/react";
import { useGateStatus } from "convex-gate/react";
import { api } from "../convex/_generated/api";
import { authClient } from "./lib/auth-client";
import { useAttempt } from "./lib/use-attempt";
import { AskFirst } from "./ui/ask-first";
import { Problem } from "./ui/problem";

/** Who is signed in, and the way out. */
export function Account() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  // Live, as every query: a name that is changed elsewhere changes here.
  const profile = useQuery(api.profiles.mine);
  const { busy, problem, run } = useAttempt();
  if (session !== "signedIn") return null;
  const name = profile?.name ?? data?.user.name;
  const signOut = () => void run(() => authClient.signOut());
  return (
    <div className="account">
      {data && (
        <span className="who" title={name}>
          <span className="hidden">Signed in as </span>
          {name}
        </span>
      )}
      {(profile?.isGuest ?? data?.user.isAnonymous) ? (
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
