import { useState } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { useParameter } from "../lib/use-parameter";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { PageHeading } from "../ui/page-heading";

/** What Better Auth's link led here with: a token, or null when the link is over. */
interface ResetLink {
  token: string | null;
  forget: () => void;
}

/** The link that opened the page, if it was one to reset a password. */
export function useResetLink(): ResetLink | null {
  const [token, forgetToken] = useParameter("token");
  const [error, forgetError] = useParameter("error");
  if (token !== null) return { token, forget: forgetToken };
  return error === "INVALID_TOKEN" ? { token, forget: forgetError } : null;
}

/** Sets another password for whoever has the link. */
export function NewPassword({ token, forget }: ResetLink) {
  const attempt = useAttempt();
  const [isDone, setIsDone] = useState(false);

  if (isDone || token === null) {
    return (
      <div className="card narrow">
        <PageHeading text={isDone ? "Password changed" : "This link is over"} />
        <p>
          {isDone
            ? "You are signed out everywhere. Sign in with the new password."
            : "It works once and for an hour. Ask for another one where you sign in."}
        </p>
        <button type="button" onClick={forget}>
          Continue
        </button>
      </div>
    );
  }

  return (
    <div className="card narrow">
      <PageHeading text="New password" />
      <Form
        aria-label="New password"
        attempt={attempt}
        onSend={async (field) => {
          const newPassword = field("password");
          if (await attempt.run(() => authClient.resetPassword({ newPassword, token })))
            setIsDone(true);
        }}
      >
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          required
        />
        <button type="submit" aria-disabled={attempt.busy}>
          Change the password
        </button>
      </Form>
    </div>
  );
}
