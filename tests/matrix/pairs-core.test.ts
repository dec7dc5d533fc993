/** Plugins of Better Auth itself beside `convex()`, in either order. */
import { loadPlugins } from "./support/load-plugins.js";
import { runPairs } from "./support/together.js";

const plugins = await loadPlugins();

runPairs(
  "pairs-core",
  plugins.filter(({ package: from }) => from === "better-auth"),
);
