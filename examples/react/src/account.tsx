import { useGateStatus } from "convex-gate/react";
import { authClient } from "./lib/auth-client";
import { useAttempt } from "./lib/use-attempt";
import { Problem } from "./ui/problem";

/** Who is signed in, and the way out. */
export function Account() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const { busy, problem, run } = useAttempt();
  if (session !== "signedIn") return null;
  return (
    <div className="account">
      <span>{data ? `Signed in as ${data.user.name}` : ""}</span>
      <button
        type="button"
        className="plain small"
        disabled={busy}
        onClick={() => void run(() => authClient.signOut())}
      >
        Sign out
      </button>
      <Problem text={problem} />
    </div>
  );
}
