import { useState } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Form } from "../ui/form";

/** Asks for the code of the authenticator app, or for a backup code, after the password was right. */
export function SecondStep() {
  const [isBackup, setIsBackup] = useState(false);
  return (
    <>
      <Code key={String(isBackup)} isBackup={isBackup} />
      <button type="button" className="quiet" onClick={() => setIsBackup(!isBackup)}>
        {isBackup ? "Use the authenticator app" : "Use a backup code"}
      </button>
    </>
  );
}

function Code({ isBackup }: { isBackup: boolean }) {
  const attempt = useAttempt();

  async function send(field: (name: string) => string) {
    const answer = { code: field("code").trim(), trustDevice: field("trust") === "on" };
    if (isBackup) await attempt.run(() => authClient.twoFactor.verifyBackupCode(answer));
    else await attempt.run(() => authClient.twoFactor.verifyTotp(answer));
  }

  return (
    <Form aria-label="Two-factor authentication" attempt={attempt} onSend={send}>
      <Field
        label={isBackup ? "Backup code" : "Code of your authenticator app"}
        name="code"
        autoComplete={isBackup ? "off" : "one-time-code"}
        inputMode={isBackup ? "text" : "numeric"}
        autoFocus
        required
      />
      <label className="check">
        <input type="checkbox" name="trust" />
        Do not ask again on this device
      </label>
      <button type="submit" aria-disabled={attempt.busy}>
        Continue
      </button>
    </Form>
  );
}
