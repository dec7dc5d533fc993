import { useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { authClient } from "../lib/auth-client";
import { Panel } from "../ui/panel";
import { Invitations } from "./invitations";

/** The members of an organization, live, and the invitations for those who may invite. */
export function Members({ organizationId }: { organizationId: string }) {
  const people = useQuery(api.team.people, { organizationId });
  const { data } = authClient.useSession();
  return (
    <Panel title="Members" shows={people?.invitations?.length}>
      {people === undefined && <p className="faint line">Loading…</p>}
      <ul aria-label="Members">
        {people?.members.map(({ id, role, name, email }) => (
          <li key={id}>
            <span className="grow">
              {name}
              {email === data?.user.email && " (you)"}
              <span className="faint detail">{email}</span>
            </span>
            <span className="tag">{role}</span>
          </li>
        ))}
      </ul>
      {people?.invitations && <Invitations open={people.invitations} />}
    </Panel>
  );
}
