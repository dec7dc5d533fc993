"use client";
import { useAttempt } from "@shared/lib/use-attempt";
import { Field } from "@shared/ui/field";
import { Form } from "@shared/ui/form";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { authClient } from "@/lib/auth-client";

/** Signs in or up. Then goes to where the visitor wanted to go; without that, the page that shows this is the one. */
export function SignIn({ redirectTo }: { redirectTo?: string }) {
  const router = useRouter();
  const attempt = useAttempt();
  const [isNew, setIsNew] = useState(false);
  const action = isNew ? "Sign up" : "Sign in";

  async function send(field: (name: string) => string) {
    const credentials = { email: field("email"), password: field("password") };
    const answer = await attempt.run<object>(() =>
      isNew
        ? authClient.signUp.email({ ...credentials, name: field("name") })
        : authClient.signIn.email(credentials),
    );
    if (!answer) return;
    if (redirectTo !== undefined) router.replace(redirectTo);
    router.refresh();
  }

  return (
    <div className="card narrow">
      <h1>{action}</h1>
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
      <button type="button" className="quiet" onClick={() => setIsNew(!isNew)}>
        {isNew ? "I have an account" : "I am new here"}
      </button>
    </div>
  );
}
