import { authClient } from "../lib/auth-client";
import { dayAndTime } from "../lib/dates";
import { useAttempt } from "../lib/use-attempt";
import { Copy } from "../ui/copy";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { Problem } from "../ui/problem";
import { invitationLink } from "./invitation-link";

interface InvitationsProps {
  open: { id: string; email: string; expiresAt: number }[];
}

/** The open invitations and a form for another one. A real app sends the link by mail, from `sendInvitationEmail`. */
export function Invitations({ open }: InvitationsProps) {
  const inviting = useAttempt();
  const cancelling = useAttempt();
  return (
    <>
      {open.length > 0 && (
        <ul aria-label="Invitations">
          {open.map(({ id, email, expiresAt }) => (
            <li key={id} className="row">
              <span className="grow">
                {email}
                <span className="faint detail">Invited, until {dayAndTime(expiresAt)}</span>
              </span>
              <span className="row">
                <Copy text={invitationLink(id)} label="Copy the link" />
                <button
                  type="button"
                  className="quiet"
                  aria-label={`Withdraw the invitation of ${email}`}
                  aria-disabled={cancelling.busy}
                  onClick={() =>
                    void cancelling.run(() =>
                      authClient.organization.cancelInvitation({ invitationId: id }),
                    )
                  }
                >
                  Withdraw
                </button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Problem text={cancelling.problem} />
      <Form
        className="row"
        aria-label="Invitation"
        attempt={inviting}
        about="email"
        onSend={async (field, form) => {
          const invitation = { email: field("email"), role: "member" as const };
          if (await inviting.run(() => authClient.organization.inviteMember(invitation)))
            form.reset();
        }}
      >
        <Field
          label="E-mail of a new member"
          name="email"
          type="email"
          autoComplete="off"
          required
        />
        <button type="submit" className="plain" aria-disabled={inviting.busy}>
          Invite
        </button>
      </Form>
    </>
  );
}
