"use client";
import { useAttempt } from "@shared/lib/use-attempt";
import { Problem } from "@shared/ui/problem";
import { useGateStatus } from "convex-gate/react";
import { useRouter } from "next/navigation";
import { authClient } from "@/lib/auth-client";

/** Who is signed in, and the way out. */
export function Account() {
  const router = useRouter();
  const { session } = useGateStatus();
  const { data } = authClient.useSession();
  const { busy, problem, run } = useAttempt();
  if (session !== "signedIn") return null;

  async function signOut() {
    // Pages that Next keeps in the browser are this user's.
    if (await run(() => authClient.signOut())) router.refresh();
  }

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
        onClick={() => void signOut()}
      >
        Sign out
      </button>
      <Problem text={problem} />
    </div>
  );
}
