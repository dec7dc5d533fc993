import { createAuthClient } from "better-auth/svelte";
import { convexClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({ plugins: [convexClient()] });
