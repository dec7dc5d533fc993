import { useAttempt } from "@shared/lib/use-attempt";
import { Problem } from "@shared/ui/problem";
import { useGateStatus } from "convex-gate/react";
import { authClient } from "../lib/auth-client";

/** Who is signed in, and the way out. */
export function Account() {
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const { busy, problem, run } = useAttempt();
  if (session !== "signedIn") return null;
  return (
    <div className="account">
      {data && (
        <span className="who" title={data.user.name}>
          <span className="hidden">Signed in as </span>
          {data.user.name}
        </span>
      )}
      <button
        type="button"
        className="plain"
        aria-disabled={busy}
        onClick={() => void run(() => authClient.signOut())}
      >
        Sign out
      </button>
      <Problem text={problem} />
    </div>
  );
}
