import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { day } from "../lib/dates";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

/** Adds, lists and removes passkeys. */
export function Passkeys() {
  const { data: passkeys, isPending, error } = authClient.useListPasskeys();
  const { busy, problem, run } = useAttempt();

  async function add(event: FormEvent<HTMLFormElement>) {
    const form = event.currentTarget;
    const name = fieldsOf(event)("name");
    if (await run(() => authClient.passkey.addPasskey({ name }))) form.reset();
  }

  return (
    <Panel
      title="Passkeys"
      about="Sign in with your fingerprint, your face or a security key."
      count={passkeys?.length}
    >
      {isPending && <p className="faint">Loading…</p>}
      {error && <Problem text="The passkeys could not be loaded." />}
      {passkeys?.length === 0 && <p className="faint">You have no passkeys.</p>}
      {passkeys && passkeys.length > 0 && (
        <ul aria-label="Passkeys">
          {passkeys.map(({ id, name, createdAt }) => (
            <li key={id}>
              <span className="grow">
                {name ?? "Passkey"}
                <span className="faint detail">Added on {day(createdAt)}</span>
              </span>
              <button
                type="button"
                className="plain small"
                aria-label={`Remove the passkey ${name ?? ""}`}
                disabled={busy}
                onClick={() => void run(() => authClient.passkey.deletePasskey({ id }))}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <form className="row" aria-label="New passkey" onSubmit={(event) => void add(event)}>
        <Field label="Name of the passkey" name="name" placeholder="My laptop" required />
        <button type="submit" disabled={busy}>
          {busy ? "One moment…" : "Add a passkey"}
        </button>
        <Problem text={problem} />
      </form>
    </Panel>
  );
}
