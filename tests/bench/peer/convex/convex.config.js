import betterAuth from "@convex-dev/better-auth/convex.config";
import { defineApp } from "convex/server";
import empty from "./empty/convex.config";

const app = defineApp();
app.use(betterAuth);
app.use(empty);

export default app;
