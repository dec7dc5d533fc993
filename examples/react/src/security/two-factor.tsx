import { useState } from "react";
import { authClient } from "../lib/auth-client";
import { Panel } from "../ui/panel";
import { BackupCodes } from "./backup-codes";
import { PasswordForm } from "./password-form";
import { TwoFactorSetup } from "./two-factor-setup";
import type { Setup } from "./two-factor-setup";

/** Turns two-factor authentication on and off. Each change asks for the password. */
export function TwoFactor() {
  const { data } = authClient.useSession();
  const [setup, setSetup] = useState<Setup | null>(null);
  const [change, setChange] = useState<"codes" | "off" | null>(null);
  const [backupCodes, setBackupCodes] = useState<string[]>([]);
  const isOn = data?.user.twoFactorEnabled === true;

  function begin(next: "codes" | "off") {
    setBackupCodes([]);
    setChange(next);
  }

  function content() {
    if (data?.user.isAnonymous) return <p className="faint">Guests have no password to protect.</p>;
    if (!isOn && setup) return <TwoFactorSetup setup={setup} onCancel={() => setSetup(null)} />;
    if (!isOn) {
      return (
        <PasswordForm
          action="Turn on"
          call={(password) => authClient.twoFactor.enable({ password })}
          onDone={(made) => made.method === "totp" && setSetup(made)}
        />
      );
    }
    if (change === "codes") {
      return (
        <PasswordForm
          action="Make new codes"
          call={(password) => authClient.twoFactor.generateBackupCodes({ password })}
          onDone={(made) => {
            setBackupCodes(made.backupCodes);
            setChange(null);
          }}
          onCancel={() => setChange(null)}
        />
      );
    }
    if (change === "off") {
      return (
        <PasswordForm
          action="Turn off"
          isDangerous
          call={(password) => authClient.twoFactor.disable({ password })}
          onDone={() => {
            setSetup(null);
            setChange(null);
          }}
          onCancel={() => setChange(null)}
        />
      );
    }
    return (
      <div className="row">
        <button type="button" className="plain" onClick={() => begin("codes")}>
          New backup codes…
        </button>
        <button type="button" className="plain danger" onClick={() => begin("off")}>
          Turn off…
        </button>
      </div>
    );
  }

  return (
    <Panel
      title="Two-factor authentication"
      about="A code of your authenticator app beside the password, when you sign in."
      shows={`${String(isOn)} ${String(setup !== null)} ${String(change)}`}
    >
      <p role="status" className="badge" data-on={isOn}>
        {isOn ? "It is on." : "It is off."}
      </p>
      {content()}
      {backupCodes.length > 0 && <BackupCodes codes={backupCodes} />}
    </Panel>
  );
}
