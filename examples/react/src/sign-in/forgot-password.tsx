import { useState } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Form } from "../ui/form";
import { FakeInbox } from "./fake-inbox";

interface ForgotPasswordProps {
  /** The address that was typed before. */
  email: string;
  onEmail: (email: string) => void;
}

/** Sends a link by which another password can be set. */
export function ForgotPassword({ email, onEmail }: ForgotPasswordProps) {
  const attempt = useAttempt();
  const [sentTo, setSentTo] = useState("");

  async function send(field: (name: string) => string) {
    const address = field("email");
    const redirectTo = window.location.origin + window.location.pathname;
    const sent = await attempt.run(() =>
      authClient.requestPasswordReset({ email: address, redirectTo }),
    );
    setSentTo(sent ? address : "");
  }

  return (
    <>
      <Form aria-label="Forgot password" attempt={attempt} onSend={send}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => onEmail(event.target.value)}
          required
        />
        <button type="submit" aria-disabled={attempt.busy}>
          Send me a link
        </button>
      </Form>
      <div role="status">
        {/* The same for everybody: who has an account is nobody's business. */}
        {sentTo !== "" && <p>If {sentTo} has an account, a link is on its way.</p>}
      </div>
      {sentTo !== "" && <FakeInbox address={sentTo} />}
    </>
  );
}
