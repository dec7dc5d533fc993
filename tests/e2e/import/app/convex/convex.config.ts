import { defineApp } from "convex/server";
import type { AppDefinition } from "convex/server";
import betterAuth from "convex-gate/convex.config";

const app: AppDefinition = defineApp();
// Beside the component that it comes from, of which the data stays where it is.
app.use(betterAuth, { name: "auth" });
export default app;
