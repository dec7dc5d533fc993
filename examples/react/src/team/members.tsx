import { useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";
import { invitationLink } from "./invitation";

interface MembersProps {
  members: { id: string; role: string; user: { name: string } }[];
}

/** The members of the active organization, and an invitation for one more. */
export function Members({ members }: MembersProps) {
  const [link, setLink] = useState("");
  const { busy, problem, run } = useAttempt();

  async function invite(event: FormEvent<HTMLFormElement>) {
    const form = event.currentTarget;
    const email = fieldsOf(event)("email");
    setLink("");
    const made = await run(() => authClient.organization.inviteMember({ email, role: "member" }));
    if (!made) return;
    setLink(invitationLink(made.id));
    form.reset();
  }

  return (
    <Panel title="Members">
      <ul aria-label="Members">
        {members.map(({ id, role, user }) => (
          <li key={id}>
            <span className="grow">{user.name}</span>
            <span className="tag">{role}</span>
          </li>
        ))}
      </ul>
      <form className="row" aria-label="Invitation" onSubmit={(event) => void invite(event)}>
        <Field label="E-mail of a new member" name="email" type="email" required />
        <button type="submit" className="plain" disabled={busy}>
          {busy ? "One moment…" : "Invite"}
        </button>
        <Problem text={problem} />
      </form>
      <div role="status">
        {link !== "" && (
          // A real app sends this by mail, from `sendInvitationEmail`.
          <p>
            Send this link: <a href={link}>{link}</a>
          </p>
        )}
      </div>
    </Panel>
  );
}
