/** Plugins of other packages beside `convex()`, in either order. */
import { loadPlugins } from "./support/load-plugins.js";
import { runPairs } from "./support/together.js";

const plugins = await loadPlugins();

runPairs(
  "pairs-others",
  plugins.filter(({ package: from }) => from !== "better-auth"),
);
