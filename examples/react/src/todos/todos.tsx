import { useMutation, useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { TodoList } from "./todo-list";

/** The to-dos of the signed-in user. */
export function Todos() {
  const add = useMutation(api.todos.add);
  const toggle = useMutation(api.todos.toggle);
  const remove = useMutation(api.todos.remove);
  return (
    <TodoList
      title="Your to-dos"
      isTitleHidden
      todos={useQuery(api.todos.list)}
      onAdd={(text) => add({ text })}
      onToggle={(id) => toggle({ id })}
      onRemove={(id) => remove({ id })}
    />
  );
}
