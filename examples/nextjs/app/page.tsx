import { api } from "@convex/_generated/api";
import { Protected } from "@/components/protected";
import { Todos } from "@/components/todos";
import { auth } from "@/lib/auth";

export const metadata = { title: "To-dos · To-do" };

export default async function TodosPage() {
  const preloaded = await auth.preloadAuthQuery(api.todos.list);
  return (
    <Protected>
      <h1>To-dos</h1>
      <Todos preloaded={preloaded} />
    </Protected>
  );
}
