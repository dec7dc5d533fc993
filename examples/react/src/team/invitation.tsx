import { useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { useParameter } from "../lib/use-parameter";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";
import { INVITATION } from "./invitation-link";

/** Lets the invited person join, when the page was opened with the link of an invitation. */
export function Invitation({ onJoined }: { onJoined: () => void }) {
  const [id, forget] = useParameter(INVITATION);
  return id === null ? null : <Invited id={id} onJoined={onJoined} onOver={forget} />;
}

interface InvitedProps {
  id: string;
  onJoined: () => void;
  onOver: () => void;
}

function Invited({ id: invitationId, onJoined, onOver }: InvitedProps) {
  const invitation = useQuery(api.team.invitation, { id: invitationId });
  const { data } = authClient.useSession();
  const { busy, problem, run } = useAttempt();

  if (invitation === undefined) return <p className="card faint">Loading the invitation…</p>;
  if (invitation === null) {
    return (
      <Panel
        title="No such invitation"
        about={`It was withdrawn or used, or is not for ${data?.user.email ?? "you"}.`}
      >
        <button type="button" className="plain" onClick={onOver}>
          Close
        </button>
      </Panel>
    );
  }

  async function join() {
    if (!(await run(() => authClient.organization.acceptInvitation({ invitationId })))) return;
    onOver();
    onJoined();
  }

  async function decline() {
    if (await run(() => authClient.organization.rejectInvitation({ invitationId }))) onOver();
  }

  const { inviter, organization } = invitation;
  return (
    <Panel
      title={`${inviter} invites you to ${organization}`}
      about="Its members share a list of to-dos."
    >
      <div className="row">
        <button type="button" aria-disabled={busy} onClick={() => void join()}>
          Join
        </button>
        <button type="button" className="plain" aria-disabled={busy} onClick={() => void decline()}>
          Decline
        </button>
      </div>
      <Problem text={problem} />
    </Panel>
  );
}
