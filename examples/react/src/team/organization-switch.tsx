import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Problem } from "../ui/problem";

interface OrganizationSwitchProps {
  all: { id: string; name: string }[];
  activeId: string | undefined;
}

/** Chooses the active organization, which Better Auth keeps in the session. */
export function OrganizationSwitch({ all, activeId }: OrganizationSwitchProps) {
  const { busy, problem, run } = useAttempt();
  return (
    <>
      <label className="field">
        Active organization
        <select
          value={activeId ?? ""}
          aria-disabled={busy}
          onChange={({ target }) =>
            void run(() => authClient.organization.setActive({ organizationId: target.value }))
          }
        >
          {activeId === undefined && <option value="">None</option>}
          {all.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Problem text={problem} />
    </>
  );
}
