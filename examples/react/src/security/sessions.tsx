import { useMutation, useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { dayAndTime } from "../lib/dates";
import { deviceName } from "../lib/device-name";
import { answered, useAttempt } from "../lib/use-attempt";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

/** Where the user is signed in, live. Who is signed out here notices at once. */
export function Sessions() {
  const sessions = useQuery(api.sessions.list);
  const revoke = useMutation(api.sessions.revoke);
  const revokeOthers = useMutation(api.sessions.revokeOthers);
  const { busy, problem, run } = useAttempt();
  return (
    <Panel
      title="Sessions"
      isTitleHidden
      about="The browsers and devices in which you are signed in."
      shows={sessions?.length}
    >
      {sessions === undefined && <p className="faint line">Loading…</p>}
      <ul aria-label="Sessions">
        {sessions?.map(({ id, isCurrent, userAgent, createdAt }) => {
          const name = deviceName(userAgent);
          return (
            <li key={id}>
              <span className="grow">
                {name}
                <span className="faint detail">Since {dayAndTime(createdAt)}</span>
              </span>
              {isCurrent ? (
                <span className="tag">This one</span>
              ) : (
                <button
                  type="button"
                  className="plain"
                  aria-label={`Revoke ${name}`}
                  aria-disabled={busy}
                  onClick={() => void run(() => answered(revoke({ id })))}
                >
                  Revoke
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <Problem text={problem} />
      {sessions && sessions.length > 1 && (
        <button
          type="button"
          className="plain danger"
          aria-disabled={busy}
          onClick={() => void run(() => answered(revokeOthers()))}
        >
          Revoke all others
        </button>
      )}
    </Panel>
  );
}
