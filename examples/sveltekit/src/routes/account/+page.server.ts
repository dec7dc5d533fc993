import { api } from "$convex/_generated/api";
import { preloadAuthQuery } from "convex-gate/sveltekit";

export const load = async ({ locals }) => ({
  user: await preloadAuthQuery(locals.auth, api.auth.getCurrentUser),
});
