import { useId, useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "./lib/auth-client";
import { problemOf } from "./lib/problem-of";

export function SignIn() {
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const title = useId();
  const action = isNew ? "Sign up" : "Sign in";

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "");
    const credentials = { email: field("email"), password: field("password") };
    setBusy(true);
    setProblem("");
    const problem = await problemOf(() =>
      isNew
        ? authClient.signUp.email({ ...credentials, name: field("name") })
        : authClient.signIn.email(credentials),
    );
    setBusy(false);
    setProblem(problem);
  }

  return (
    <form className="card" aria-labelledby={title} onSubmit={(event) => void submit(event)}>
      <h2 id={title}>{action}</h2>
      {isNew && (
        <label>
          Name
          <input name="name" autoComplete="name" required />
        </label>
      )}
      <label>
        E-mail
        <input name="email" type="email" autoComplete="email" required />
      </label>
      <label>
        Password
        <input
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          minLength={8}
          required
        />
      </label>
      {problem !== "" && <p role="alert">{problem}</p>}
      <button type="submit" disabled={busy}>
        {busy ? "One moment…" : action}
      </button>
      <button type="button" className="quiet" onClick={() => setIsNew(!isNew)}>
        {isNew ? "I have an account" : "I am new here"}
      </button>
    </form>
  );
}
