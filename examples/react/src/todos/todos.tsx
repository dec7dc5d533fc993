import { useMutation, useQuery } from "convex/react";
import { useState } from "react";
import type { FormEvent } from "react";
import { api } from "../convex/_generated/api";

export function Todos() {
  const todos = useQuery(api.todos.list);
  const add = useMutation(api.todos.add);
  const toggle = useMutation(api.todos.toggle);
  const remove = useMutation(api.todos.remove);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  function attempt(change: Promise<unknown>) {
    setProblem("");
    change.catch(() => setProblem("That could not be saved. Please try again."));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    attempt(add({ text }));
    setText("");
  }

  return (
    <section className="card" aria-label="Your to-dos">
      <form className="row" onSubmit={submit}>
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
      {problem !== "" && <p role="alert">{problem}</p>}
      {todos === undefined && <p className="faint">Loading…</p>}
      {todos?.length === 0 && <p className="faint">Nothing to do.</p>}
      <ul>
        {todos?.map((todo) => (
          <li key={todo._id}>
            <label className={todo.done ? "grow done" : "grow"}>
              <input
                type="checkbox"
                checked={todo.done}
                onChange={() => attempt(toggle({ id: todo._id }))}
              />
              {todo.text}
            </label>
            <button
              type="button"
              className="quiet"
              aria-label={`Remove “${todo.text}”`}
              onClick={() => attempt(remove({ id: todo._id }))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
