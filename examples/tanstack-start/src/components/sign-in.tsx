import { useAttempt } from "@shared/lib/use-attempt";
import { Field } from "@shared/ui/field";
import { Form } from "@shared/ui/form";
import { PageHeading } from "@shared/ui/page-heading";
import { useState } from "react";
import { authClient } from "../lib/auth-client";

/** Signs in or up. Where that leads is told by the page that shows it. */
export function SignIn() {
  const attempt = useAttempt();
  const [isNew, setIsNew] = useState(false);
  const action = isNew ? "Sign up" : "Sign in";

  async function send(field: (name: string) => string) {
    const credentials = { email: field("email"), password: field("password") };
    await attempt.run<object>(() =>
      isNew
        ? authClient.signUp.email({ ...credentials, name: field("name") })
        : authClient.signIn.email(credentials),
    );
  }

  return (
    <div className="card narrow">
      <PageHeading text={action} />
      <Form aria-label={action} attempt={attempt} onSend={send}>
        {isNew && <Field label="Name" name="name" autoComplete="name" maxLength={100} required />}
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
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
      <div className="row links">
        <button type="button" className="quiet" onClick={() => setIsNew(!isNew)}>
          {isNew ? "I have an account" : "I am new here"}
        </button>
      </div>
    </div>
  );
}
