import { useConvexAuth, useMutation, useQuery } from "convex/react";
import { useState } from "react";
import type { FormEvent } from "react";
import { api } from "../convex/_generated/api";
import { authClient } from "./lib/auth-client";

export function Todos() {
  const { isAuthenticated } = useConvexAuth();
  const { data } = authClient.useSession();
  const [leaving, setLeaving] = useState(false);
  // Before Convex has confirmed the token, and once the session is being ended, the query would be refused.
  const todos = useQuery(api.todos.list, isAuthenticated && !leaving ? {} : "skip");
  const add = useMutation(api.todos.add);
  const toggle = useMutation(api.todos.toggle);
  const remove = useMutation(api.todos.remove);
  const [text, setText] = useState("");

  async function signOut() {
    setLeaving(true);
    const { error } = await authClient.signOut();
    if (error) setLeaving(false);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    await add({ text });
    setText("");
  }

  return (
    <>
      <header>
        <span>Signed in as {data?.user.name ?? "…"}</span>
        <button className="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <form className="row" onSubmit={(event) => void submit(event)} aria-label="New to-do">
        <label className="grow">
          <span className="hidden">What is to be done?</span>
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="What is to be done?"
            maxLength={500}
          />
        </label>
        <button type="submit">Add</button>
      </form>
      {todos === undefined ? (
        <p role="status">Loading…</p>
      ) : (
        <ul>
          {todos.map((todo) => (
            <li key={todo._id}>
              <label className={todo.done ? "grow done" : "grow"}>
                <input
                  type="checkbox"
                  checked={todo.done}
                  onChange={() => void toggle({ id: todo._id })}
                />
                {todo.text}
              </label>
              <button
                className="quiet"
                aria-label={`Remove “${todo.text}”`}
                onClick={() => void remove({ id: todo._id })}
              >
                ×
              </button>
            </li>
          ))}
          {todos.length === 0 && <li>Nothing to do.</li>}
        </ul>
      )}
    </>
  );
}
