import { useState } from "react";
import { authClient } from "./lib/auth-client";
import { SignIn } from "./sign-in/sign-in";

/** Tells guests how to keep what they made; nothing for everybody else. */
export function Guest() {
  const { data } = authClient.useSession();
  const [isOpen, setIsOpen] = useState(false);
  if (!data?.user.isAnonymous) return null;
  return (
    <section aria-label="Guest" className="stack">
      <div className="card notice row">
        <p className="grow">
          <strong>You are here as a guest.</strong> With an account your to-dos stay yours.
        </p>
        <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          Keep my to-dos
        </button>
      </div>
      {isOpen && <SignIn isGuest />}
    </section>
  );
}
