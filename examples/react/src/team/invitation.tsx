import { useState } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

const PARAMETER = "invitation";

/** The address at which an invitation can be accepted. */
export function invitationLink(id: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set(PARAMETER, id);
  return url.href;
}

/** Lets the invited person join, when the page was opened with the link of an invitation. */
export function Invitation({ onJoined }: { onJoined: () => void }) {
  const [id, setId] = useState(() => new URLSearchParams(window.location.search).get(PARAMETER));
  const { busy, problem, run } = useAttempt();
  if (id === null) return null;

  async function join(invitationId: string) {
    if (!(await run(() => authClient.organization.acceptInvitation({ invitationId })))) return;
    const url = new URL(window.location.href);
    url.searchParams.delete(PARAMETER);
    window.history.replaceState(null, "", url);
    setId(null);
    onJoined();
  }

  return (
    <Panel title="You are invited" about="Join to share a list of to-dos.">
      <Problem text={problem} />
      <button type="button" disabled={busy} onClick={() => void join(id)}>
        {busy ? "One moment…" : "Join the organization"}
      </button>
    </Panel>
  );
}
