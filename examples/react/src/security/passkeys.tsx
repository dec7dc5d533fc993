import { authClient } from "../lib/auth-client";
import { dayAndTime } from "../lib/dates";
import { useAttempt } from "../lib/use-attempt";
import { AskFirst } from "../ui/ask-first";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

/** Adds, lists and removes passkeys. */
export function Passkeys() {
  const { data: passkeys, isPending, error } = authClient.useListPasskeys();
  const adding = useAttempt();
  const removing = useAttempt();
  return (
    <Panel
      title="Passkeys"
      about="Sign in with your fingerprint, your face or a security key."
      shows={passkeys?.length}
    >
      {isPending && <p className="faint line">Loading…</p>}
      {error && <Problem text="The passkeys could not be loaded." />}
      {passkeys?.length === 0 && <p className="faint line">You have no passkeys.</p>}
      {passkeys && passkeys.length > 0 && (
        <ul aria-label="Passkeys">
          {passkeys.map(({ id, name, createdAt }) => (
            <li key={id}>
              <span className="grow">
                {name ?? "Passkey"}
                <span className="faint detail">Added {dayAndTime(createdAt)}</span>
              </span>
              <AskFirst
                className="plain"
                aria-label={`Remove the passkey ${name ?? ""}`}
                aria-disabled={removing.busy}
                question="Remove this passkey?"
                about="It will no longer sign you in."
                yes="Remove it"
                no="Keep it"
                onYes={() => void removing.run(() => authClient.passkey.deletePasskey({ id }))}
              >
                Remove
              </AskFirst>
            </li>
          ))}
        </ul>
      )}
      <Problem text={removing.problem} />
      <Form
        className="row"
        aria-label="New passkey"
        attempt={adding}
        onSend={async (field, form) => {
          const name = field("name");
          if (await adding.run(() => authClient.passkey.addPasskey({ name }))) form.reset();
        }}
      >
        <Field
          label="Name of the passkey"
          name="name"
          placeholder="My laptop"
          autoComplete="off"
          maxLength={100}
          required
        />
        <button type="submit" aria-disabled={adding.busy}>
          Add a passkey
        </button>
      </Form>
    </Panel>
  );
}
