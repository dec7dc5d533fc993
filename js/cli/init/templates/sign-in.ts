/** The sign-in page of React frameworks, the same in all of them. */

/** How the page differs between frameworks. */
export interface SignInShape {
  /** Modules as the page imports them. */
  readonly authClient: string;
  readonly api: string;
  /** Lines before the imports. */
  readonly before?: string;
  /** Lines after the imports. */
  readonly after?: string;
  /** @default "export function" */
  readonly declaration?: string;
}

/** A form for visitors; for users, who they are. */
export function signInPage(shape: SignInShape): string {
  const { authClient, api, before = "", after = "", declaration = "export function" } = shape;
  return `${before}import { useQuery } from "convex/react";
import { AuthBoundary } from "convex-gate/react";
import { useState, type SyntheticEvent } from "react";
import { api } from "${api}";
import { authClient } from "${authClient}";
${after}
/** A form for visitors; for users, who they are. */
${declaration} SignIn() {
  return (
    <AuthBoundary fallback={<SignInForm />} loading={<p>One moment.</p>}>
      <Account />
    </AuthBoundary>
  );
}

function Account() {
  const user = useQuery(api.auth.getAuthUser);
  return (
    <p>
      {user && \`Signed in as \${user.email}. \`}
      <button onClick={() => authClient.signOut()}>Sign out</button>
    </p>
  );
}

function SignInForm() {
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function send(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const user = Object.fromEntries(form) as Record<"name" | "email" | "password", string>;
    try {
      const { error } = await (isNew
        ? authClient.signUp.email(user)
        : authClient.signIn.email(user));
      setProblem(error?.message ?? error?.statusText);
    } catch {
      setProblem("The server did not answer. Please try again.");
    }
  }

  return (
    <form method="post" onSubmit={send}>
      {isNew && <input name="name" placeholder="Name" required />}
      <input name="email" type="email" placeholder="E-mail" required />
      <input name="password" type="password" placeholder="Password" required />
      <button>{isNew ? "Sign up" : "Sign in"}</button>
      <button type="button" onClick={() => setIsNew(!isNew)}>
        {isNew ? "I have an account" : "I am new here"}
      </button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
`;
}
