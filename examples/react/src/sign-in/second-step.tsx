import { useId, useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Problem } from "../ui/problem";

/** Asks for the code of the authenticator app, or for a backup code, after the password was right. */
export function SecondStep({ onCancel }: { onCancel: () => void }) {
  const [isBackup, setIsBackup] = useState(false);
  const { busy, problem, run } = useAttempt();
  const title = useId();

  async function submit(event: FormEvent<HTMLFormElement>) {
    const field = fieldsOf(event);
    const answer = { code: field("code").trim(), trustDevice: field("trust") === "on" };
    if (isBackup) await run(() => authClient.twoFactor.verifyBackupCode(answer));
    else await run(() => authClient.twoFactor.verifyTotp(answer));
  }

  return (
    <form className="card narrow" aria-labelledby={title} onSubmit={(event) => void submit(event)}>
      <h2 id={title}>Two-factor authentication</h2>
      <Field
        key={String(isBackup)}
        label={isBackup ? "Backup code" : "Code of your authenticator app"}
        name="code"
        autoComplete="one-time-code"
        inputMode={isBackup ? "text" : "numeric"}
        autoFocus
        required
      />
      <label className="check">
        <input type="checkbox" name="trust" />
        Do not ask again on this device
      </label>
      <Problem text={problem} />
      <button type="submit" disabled={busy}>
        {busy ? "One moment…" : "Continue"}
      </button>
      <button type="button" className="quiet" onClick={() => setIsBackup(!isBackup)}>
        {isBackup ? "Use the authenticator app" : "Use a backup code"}
      </button>
      <button type="button" className="quiet" onClick={onCancel}>
        Back
      </button>
    </form>
  );
}
