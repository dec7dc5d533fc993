import { useState } from "react";
import type { FormEvent } from "react";
import { Panel } from "../ui/panel";
import { Problem } from "../ui/problem";

interface TodoListProps<Id extends string> {
  title: string;
  isTitleHidden?: boolean;
  /** Undefined while the list loads. */
  todos: { _id: Id; text: string; done: boolean }[] | undefined;
  onAdd: (text: string) => Promise<unknown>;
  onToggle: (id: Id) => Promise<unknown>;
  onRemove: (id: Id) => Promise<unknown>;
}

/** A list of to-dos, wherever it is kept. */
export function TodoList<Id extends string>(props: TodoListProps<Id>) {
  const { title, isTitleHidden = false, todos, onAdd, onToggle, onRemove } = props;
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");

  /** Several changes may be under way at once. */
  async function attempt(change: Promise<unknown>) {
    setProblem("");
    try {
      await change;
      return true;
    } catch {
      setProblem("That could not be saved. Please try again.");
      return false;
    }
  }

  async function add(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === "") return;
    setText("");
    // What could not be saved comes back, unless something else is being typed.
    if (!(await attempt(onAdd(text)))) setText((typed) => typed || text);
  }

  return (
    <Panel title={title} isTitleHidden={isTitleHidden} shows={todos?.length}>
      <form method="post" className="row" onSubmit={(event) => void add(event)}>
        <label className="grow">
          <span className="hidden">What is to be done?</span>
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="What is to be done?"
            autoComplete="off"
            maxLength={500}
          />
        </label>
        <button type="submit">Add</button>
      </form>
      <Problem text={problem} />
      {todos === undefined && <p className="faint line">Loading…</p>}
      {todos?.length === 0 && <p className="faint line">Nothing to do.</p>}
      <ul>
        {todos?.map((todo) => (
          <li key={todo._id}>
            <label className={todo.done ? "check grow done" : "check grow"}>
              <input
                type="checkbox"
                checked={todo.done}
                onChange={() => void attempt(onToggle(todo._id))}
              />
              {todo.text}
            </label>
            <button
              type="button"
              className="quiet remove"
              aria-label={`Remove “${todo.text}”`}
              onClick={() => void attempt(onRemove(todo._id))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
