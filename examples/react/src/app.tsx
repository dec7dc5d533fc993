import { AuthBoundary } from "convex-gate/react";
import { Account } from "./account";
import { SignIn } from "./sign-in";
import { Status } from "./status";
import { Todos } from "./todos";

export function App() {
  return (
    <>
      <header className="bar">
        <h1>To-do</h1>
        <Status />
      </header>
      <main>
        <Account />
        <AuthBoundary fallback={<SignIn />} loading={<p className="card">One moment…</p>}>
          <Todos />
        </AuthBoundary>
      </main>
    </>
  );
}
