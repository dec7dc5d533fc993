import { useState } from "react";
import type { FormEvent } from "react";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

interface TodoListProps<Id extends string> {
  title: string;
  /** Undefined while the list loads. */
  todos: { _id: Id; text: string; done: boolean }[] | undefined;
  onAdd: (text: string) => Promise<unknown>;
  onToggle: (id: Id) => Promise<unknown>;
  onRemove: (id: Id) => Promise<unknown>;
}

/** A list of to-dos, wherever it is kept. */
export function TodoList<Id extends string>(props: TodoListProps<Id>) {
  const { title, todos, onAdd, onToggle, onRemove } = props;
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  function attempt(change: Promise<unknown>) {
    setProblem("");
    change.catch(() => setProblem("That could not be saved. Please try again."));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    attempt(onAdd(text));
    setText("");
  }

  return (
    <Panel title={title} count={todos?.length}>
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
      <Problem text={problem} />
      {todos === undefined && <p className="faint">Loading…</p>}
      {todos?.length === 0 && <p className="faint">Nothing to do.</p>}
      <ul>
        {todos?.map((todo) => (
          <li key={todo._id}>
            <label className={todo.done ? "check grow done" : "check grow"}>
              <input
                type="checkbox"
                checked={todo.done}
                onChange={() => attempt(onToggle(todo._id))}
              />
              {todo.text}
            </label>
            <button
              type="button"
              className="quiet small remove"
              aria-label={`Remove “${todo.text}”`}
              onClick={() => attempt(onRemove(todo._id))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
