import { createAuthClient } from "better-auth/react";
import { convexClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({ plugins: [convexClient()] });
