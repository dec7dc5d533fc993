import { api } from "$convex/_generated/api";
import { preloadAuthQuery } from "convex-gate/sveltekit";

export const load = async ({ locals }) => ({
  todos: await preloadAuthQuery(locals.auth, api.todos.list),
});
