import { useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";
import { BackupCodes } from "./backup-codes";
import { TwoFactorSetup } from "./two-factor-setup";
import type { Setup } from "./two-factor-setup";

/** Turns two-factor authentication on and off. Each change asks for the password. */
export function TwoFactor() {
  const { data } = authClient.useSession();
  const [setup, setSetup] = useState<Setup | null>(null);
  const [backupCodes, setBackupCodes] = useState<string[]>([]);
  const { busy, problem, run } = useAttempt();
  const isOn = data?.user.twoFactorEnabled === true;

  async function submit(event: FormEvent<HTMLFormElement>) {
    const password = fieldsOf(event)("password");
    const { submitter } = event.nativeEvent as SubmitEvent;
    setBackupCodes([]);
    if (!isOn) {
      const made = await run(() => authClient.twoFactor.enable({ password }));
      if (made?.method === "totp") setSetup(made);
    } else if (submitter?.getAttribute("value") === "codes") {
      const made = await run(() => authClient.twoFactor.generateBackupCodes({ password }));
      setBackupCodes(made?.backupCodes ?? []);
    } else await run(() => authClient.twoFactor.disable({ password }));
  }

  return (
    <Panel
      title="Two-factor authentication"
      about="A code of your authenticator app beside the password, when you sign in."
    >
      <p role="status" className="badge" data-on={isOn}>
        {isOn ? "It is on." : "It is off."}
      </p>
      {data?.user.isAnonymous ? (
        <p className="faint">Guests have no password to protect.</p>
      ) : setup && !isOn ? (
        <TwoFactorSetup setup={setup} onCancel={() => setSetup(null)} />
      ) : (
        <form aria-label="Change" onSubmit={(event) => void submit(event)}>
          <Field
            label="Your password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          <Problem text={problem} />
          <div className="row">
            <button type="submit" disabled={busy}>
              {isOn ? "Turn off" : "Turn on"}
            </button>
            {isOn && (
              <button type="submit" className="plain" value="codes" disabled={busy}>
                New backup codes
              </button>
            )}
          </div>
        </form>
      )}
      {backupCodes.length > 0 && <BackupCodes codes={backupCodes} />}
    </Panel>
  );
}
