import { useMutation, useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";
import { TodoList } from "../todos/todo-list";

/** The to-dos that the members share. What one of them changes, all see at once. */
export function TeamTodos({ organization }: { organization: { id: string; name: string } }) {
  const organizationId = organization.id;
  const add = useMutation(api.teamTodos.add);
  const toggle = useMutation(api.teamTodos.toggle);
  const remove = useMutation(api.teamTodos.remove);
  return (
    <TodoList
      title={`To-dos of ${organization.name}`}
      todos={useQuery(api.teamTodos.list, { organizationId })}
      onAdd={(text) => add({ organizationId, text })}
      onToggle={(id) => toggle({ id })}
      onRemove={(id) => remove({ id })}
    />
  );
}
