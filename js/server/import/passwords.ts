/** Which password hashes an app can verify. What it cannot is refused here, and not when somebody signs in. */
import { passwordForm } from "../../password/forms.js";

/** Why a hash is refused; undefined for one that is not. Never says anything of the hash itself but its form. */
export type PasswordRule = (hash: string) => { readonly why: string } | undefined;

/** The rule of an app: none where it brings its own `verify`, which alone knows. */
export function passwordRuleOf(options: object): PasswordRule {
  const { emailAndPassword } = options as {
    emailAndPassword?: { password?: { verify?: unknown } };
  };
  return emailAndPassword?.password?.verify ? () => undefined : ownRule;
}

const ownRule: PasswordRule = (hash) => {
  const form = passwordForm(hash);
  return form.kind === "refused" ? { why: form.why } : undefined;
};
