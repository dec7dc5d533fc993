import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Problem } from "../ui/problem";

/** Ways in that need no password. */
export function OtherWays() {
  const { busy, problem, run } = useAttempt();
  return (
    <div className="other-ways">
      <p className="or">or</p>
      <button
        type="button"
        className="plain"
        disabled={busy}
        onClick={() => void run(() => authClient.signIn.passkey())}
      >
        Use a passkey
      </button>
      <button
        type="button"
        className="plain"
        disabled={busy}
        onClick={() => void run(() => authClient.signIn.anonymous())}
      >
        Continue as guest
      </button>
      <Problem text={problem} />
    </div>
  );
}
