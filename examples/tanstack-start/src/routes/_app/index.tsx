import { convexQuery } from "@convex-dev/react-query";
import { api } from "@convex/_generated/api";
import { PageHeading } from "@shared/ui/page-heading";
import { createFileRoute } from "@tanstack/react-router";
import { Todos } from "../../components/todos";

export const Route = createFileRoute("/_app/")({
  // Does not throw: what Convex does not answer here, the browser asks again.
  loader: async ({ context: { auth, queryClient } }) => {
    if (auth.session === "signedIn")
      await queryClient.prefetchQuery(convexQuery(api.todos.list, {}));
  },
  component: TodosPage,
});

function TodosPage() {
  return (
    <>
      <PageHeading text="To-dos" />
      <Todos />
    </>
  );
}
