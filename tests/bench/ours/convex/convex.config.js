import { defineApp } from "convex/server";
import betterAuth from "convex-gate/convex.config";
import empty from "./empty/convex.config";

const app = defineApp();
app.use(betterAuth);
app.use(empty);

export default app;
