import { useState } from "react";
import type { FormEvent } from "react";
import { authClient } from "./lib/auth-client";

export function SignIn() {
  const [isNew, setIsNew] = useState(false);
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setMessage("");
    const credentials = { email: field("email"), password: field("password") };
    const { error } = isNew
      ? await authClient.signUp.email({ ...credentials, name: field("name") })
      : await authClient.signIn.email(credentials);
    setBusy(false);
    if (error) setMessage(error.message ?? "That did not work. Please try again.");
  }

  return (
    <form onSubmit={(event) => void submit(event)} aria-label={isNew ? "Sign up" : "Sign in"}>
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
      {message !== "" && <p role="alert">{message}</p>}
      <button type="submit" disabled={busy}>
        {isNew ? "Sign up" : "Sign in"}
      </button>
      <button type="button" className="quiet" onClick={() => setIsNew(!isNew)}>
        {isNew ? "I have an account" : "I am new here"}
      </button>
    </form>
  );
}
