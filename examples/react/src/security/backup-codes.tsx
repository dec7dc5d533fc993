import { Copy } from "../ui/copy";

/** Codes that sign in once each when the authenticator app is lost. */
export function BackupCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="stack secret">
      <p>Keep these backup codes somewhere safe. Each of them signs you in once without the app.</p>
      <ul aria-label="Backup codes" className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Copy text={codes.join("\n")} label="Copy the codes" />
    </div>
  );
}
