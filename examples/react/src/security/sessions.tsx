import { useCallback, useEffect, useState } from "react";
import { authClient } from "../lib/auth-client";
import { day } from "../lib/dates";
import { deviceName } from "../lib/device-name";
import { useAttempt } from "../lib/use-attempt";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

type Session = (typeof authClient.$Infer)["Session"]["session"];

/** Where the user is signed in. Who is signed out here notices at once. */
export function Sessions() {
  const { data: current } = authClient.useSession();
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const { busy, problem, run } = useAttempt();

  const load = useCallback(async () => {
    const loaded = await run(() => authClient.listSessions());
    if (loaded) setSessions(loaded);
  }, [run]);
  useEffect(() => void load(), [load]);

  async function revoke(token: string) {
    if (await run(() => authClient.revokeSession({ token }))) await load();
  }

  async function revokeOthers() {
    if (await run(() => authClient.revokeOtherSessions())) await load();
  }

  return (
    <Panel
      title="Sessions"
      about="The browsers and devices in which you are signed in."
      count={sessions?.length}
    >
      <Problem text={problem} />
      {sessions === null && problem === "" && <p className="faint">Loading…</p>}
      <ul aria-label="Sessions">
        {sessions?.map(({ id, token, userAgent, createdAt }) => {
          const name = deviceName(userAgent);
          return (
            <li key={id}>
              <span className="grow">
                {name}
                <span className="faint detail">Since {day(createdAt)}</span>
              </span>
              {id === current?.session.id ? (
                <span className="tag">This one</span>
              ) : (
                <button
                  type="button"
                  className="plain small"
                  aria-label={`Revoke ${name}`}
                  disabled={busy}
                  onClick={() => void revoke(token)}
                >
                  Revoke
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {sessions && sessions.length > 1 && (
        <button type="button" className="quiet" disabled={busy} onClick={() => void revokeOthers()}>
          Revoke all others
        </button>
      )}
    </Panel>
  );
}
