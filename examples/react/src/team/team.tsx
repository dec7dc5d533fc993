import { authClient } from "../lib/auth-client";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";
import { Invitation } from "./invitation";
import { Members } from "./members";
import { NewOrganization } from "./new-organization";
import { OrganizationSwitch } from "./organization-switch";
import { TeamTodos } from "./team-todos";

/** The organizations of the user, and what the active one shares. */
export function Team() {
  const { data: all, isPending, error, refetch } = authClient.useListOrganizations();
  const { data: active } = authClient.useActiveOrganization();
  return (
    <>
      <Invitation onJoined={() => void refetch()} />
      <Panel title="Organization" about="Its members share a list of to-dos." shows={all?.length}>
        {isPending && <p className="faint line">Loading…</p>}
        {error && <Problem text="The organizations could not be loaded." />}
        {all && all.length > 0 && <OrganizationSwitch all={all} activeId={active?.id} />}
        {all && <NewOrganization isFirst={all.length === 0} />}
      </Panel>
      {active && (
        <>
          <TeamTodos key={active.id} organization={active} />
          <Members organizationId={active.id} />
        </>
      )}
    </>
  );
}
