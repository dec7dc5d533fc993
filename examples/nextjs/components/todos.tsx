"use client";
import { api } from "@convex/_generated/api";
import { TodoList } from "@shared/todos/todo-list";
import { useMutation } from "convex/react";
import { usePreloadedAuthQuery } from "convex-gate/nextjs/client";
import type { PreloadedAuthQuery } from "convex-gate/nextjs/client";

/** The to-dos of the signed-in user: those of the HTML first, then live. */
export function Todos({ preloaded }: { preloaded: PreloadedAuthQuery<typeof api.todos.list> }) {
  const todos = usePreloadedAuthQuery(preloaded);
  const add = useMutation(api.todos.add);
  const toggle = useMutation(api.todos.toggle);
  const remove = useMutation(api.todos.remove);
  return (
    <TodoList
      title="Your to-dos"
      isTitleHidden
      todos={todos ?? undefined}
      onAdd={(text) => add({ text })}
      onToggle={(id) => toggle({ id })}
      onRemove={(id) => remove({ id })}
    />
  );
}
