import { defineApp } from "convex/server";
import type { AppDefinition } from "convex/server";
import betterAuth from "convex-gate/convex.config";

const app: AppDefinition = defineApp();
app.use(betterAuth);
export default app;
