import { toDataURL } from "qrcode";
import { useEffect, useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Problem } from "../ui/problem";
import { BackupCodes } from "./backup-codes";

/** What the server makes for a new authenticator app. */
export interface Setup {
  totpURI: string;
  backupCodes: string[];
}

/** Shows the QR code and the backup codes, and asks for a first code: two-factor authentication is on after it. */
export function TwoFactorSetup({ setup, onCancel }: { setup: Setup; onCancel: () => void }) {
  const image = useQrCode(setup.totpURI);
  const secret = new URL(setup.totpURI).searchParams.get("secret");
  const { busy, problem, run } = useAttempt();

  async function submit(event: FormEvent<HTMLFormElement>) {
    const code = fieldsOf(event)("code").trim();
    await run(() => authClient.twoFactor.verifyTotp({ code }));
  }

  return (
    <form aria-label="Set up" onSubmit={(event) => void submit(event)}>
      <p>Scan this with your authenticator app, or type the key into it.</p>
      <div className="qr">
        {image && <img src={image} alt="QR code for the authenticator app" />}
        <p className="grow">
          <span className="faint">Key</span>
          <br />
          <code>{secret}</code>
        </p>
      </div>
      <BackupCodes codes={setup.backupCodes} />
      <Field
        label="Code of your authenticator app"
        name="code"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        required
      />
      <Problem text={problem} />
      <div className="row">
        <button type="submit" disabled={busy}>
          {busy ? "One moment…" : "Confirm"}
        </button>
        <button type="button" className="quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** An image of the text, once it is drawn. */
function useQrCode(text: string): string {
  const [image, setImage] = useState("");
  useEffect(() => {
    void toDataURL(text, { margin: 2, scale: 3 }).then(setImage);
  }, [text]);
  return image;
}
