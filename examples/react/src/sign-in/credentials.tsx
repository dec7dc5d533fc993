import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { Problem } from "../ui/problem";

interface CredentialsProps {
  isNew: boolean;
  isGuest: boolean;
  /** The address stays when the form is another. */
  email: string;
  onEmail: (email: string) => void;
  /** The password was right, and the account asks for a code as well. */
  onCode: () => void;
}

/** Signs in or up with a password, or in without one. */
export function Credentials({ isNew, isGuest, email, onEmail, onCode }: CredentialsProps) {
  const attempt = useAttempt();
  const other = useAttempt();
  const action = isNew ? "Sign up" : "Sign in";

  async function send(field: (name: string) => string) {
    const credentials = { email, password: field("password") };
    if (isNew) {
      await attempt.run(() => authClient.signUp.email({ ...credentials, name: field("name") }));
      return;
    }
    const answer = await attempt.run(() => authClient.signIn.email(credentials));
    if (answer && "twoFactorRedirect" in answer) onCode();
  }

  return (
    <>
      <Form aria-label={action} attempt={attempt} onSend={send}>
        {isNew && <Field label="Name" name="name" autoComplete="name" maxLength={100} required />}
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => onEmail(event.target.value)}
          required
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          minLength={8}
          required
        />
        <button type="submit" aria-disabled={attempt.busy}>
          {action}
        </button>
      </Form>
      {!isGuest && (
        <div className="stack">
          <p className="or">or</p>
          <button
            type="button"
            className="plain"
            aria-disabled={other.busy}
            onClick={() => void other.run(() => authClient.signIn.passkey())}
          >
            Use a passkey
          </button>
          <button
            type="button"
            className="plain"
            aria-disabled={other.busy}
            onClick={() => void other.run(() => authClient.signIn.anonymous())}
          >
            Continue as guest
          </button>
          <Problem text={other.problem} />
        </div>
      )}
    </>
  );
}
