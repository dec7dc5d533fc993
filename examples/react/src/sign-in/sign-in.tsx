import { useId, useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Problem } from "../ui/problem";
import { OtherWays } from "./other-ways";
import { SecondStep } from "./second-step";

/** Sign-in and sign-up with a password, the second step where the account has one, and the ways without a password. */
export function SignIn({ isGuest = false }: { isGuest?: boolean }) {
  const [isNew, setIsNew] = useState(isGuest);
  const [needsCode, setNeedsCode] = useState(false);
  const { busy, problem, run } = useAttempt();
  const title = useId();
  if (needsCode) return <SecondStep onCancel={() => setNeedsCode(false)} />;
  const action = isNew ? "Sign up" : "Sign in";

  async function submit(event: FormEvent<HTMLFormElement>) {
    const field = fieldsOf(event);
    const credentials = { email: field("email"), password: field("password") };
    if (isNew) {
      await run(() => authClient.signUp.email({ ...credentials, name: field("name") }));
      return;
    }
    const answer = await run(() => authClient.signIn.email(credentials));
    if (answer && "twoFactorRedirect" in answer) setNeedsCode(true);
  }

  return (
    <div className="card narrow">
      <form aria-labelledby={title} onSubmit={(event) => void submit(event)}>
        <h2 id={title}>{action}</h2>
        {isNew && <Field label="Name" name="name" autoComplete="name" required />}
        <Field label="E-mail" name="email" type="email" autoComplete="email" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          minLength={8}
          required
        />
        <Problem text={problem} />
        <button type="submit" disabled={busy}>
          {busy ? "One moment…" : action}
        </button>
        <button type="button" className="quiet" onClick={() => setIsNew(!isNew)}>
          {isNew ? "I have an account" : "I am new here"}
        </button>
      </form>
      {!isGuest && <OtherWays />}
    </div>
  );
}
