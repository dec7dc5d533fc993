import { toDataURL } from "qrcode";
import { useEffect, useState } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Copy } from "../ui/copy";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { BackupCodes } from "./backup-codes";

/** What the server makes for a new authenticator app. */
export interface Setup {
  totpURI: string;
  backupCodes: string[];
}

/** Shows the QR code and the backup codes, and asks for a first code: two-factor authentication is on after it. */
export function TwoFactorSetup({ setup, onCancel }: { setup: Setup; onCancel: () => void }) {
  const image = useQrCode(setup.totpURI);
  const secret = new URL(setup.totpURI).searchParams.get("secret") ?? "";
  const attempt = useAttempt();
  return (
    <Form
      aria-label="Set up"
      attempt={attempt}
      onSend={(field) =>
        attempt.run(() => authClient.twoFactor.verifyTotp({ code: field("code").trim() }))
      }
    >
      <div className="stack secret">
        <p>Scan this with your authenticator app, or type the key into it.</p>
        <img className="qr" src={image} alt="QR code for the authenticator app" />
        <code className="key">{inGroups(secret)}</code>
        <Copy text={secret} label="Copy the key" />
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
      <div className="row">
        <button type="submit" aria-disabled={attempt.busy}>
          Confirm
        </button>
        <button type="button" className="quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </Form>
  );
}

/** Fours are easier to type, and break between lines where they end. */
function inGroups(key: string): string {
  return key.replaceAll(/.{4}(?=.)/g, "$& ");
}

/** An image of the text, once it is drawn. */
function useQrCode(text: string): string | undefined {
  const [image, setImage] = useState<string>();
  useEffect(() => {
    void toDataURL(text, { margin: 2, scale: 4 }).then(setImage);
  }, [text]);
  return image;
}
