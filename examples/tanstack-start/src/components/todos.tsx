import { convexQuery } from "@convex-dev/react-query";
import { api } from "@convex/_generated/api";
import { TodoList } from "@shared/todos/todo-list";
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "convex/react";

/** The to-dos of the signed-in user: those of the HTML first, then live. */
export function Todos() {
  const { data } = useQuery(convexQuery(api.todos.list, {}));
  const add = useMutation(api.todos.add);
  const toggle = useMutation(api.todos.toggle);
  const remove = useMutation(api.todos.remove);
  return (
    <TodoList
      title="Your to-dos"
      isTitleHidden
      todos={data}
      onAdd={(text) => add({ text })}
      onToggle={(id) => toggle({ id })}
      onRemove={(id) => remove({ id })}
    />
  );
}
