import { Passkeys } from "./passkeys";
import { TwoFactor } from "./two-factor";

/** What protects the account. */
export function Security() {
  return (
    <>
      <TwoFactor />
      <Passkeys />
    </>
  );
}
