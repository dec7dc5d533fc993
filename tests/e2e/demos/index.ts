/** The examples that the demo can start, by their names. */
import type { DemoApp } from "./demo-app.js";
import { nextjs } from "./nextjs.js";
import { react } from "./react.js";
import { sveltekit } from "./sveltekit.js";
import { tanstackStart } from "./tanstack-start.js";

const demos: Readonly<Record<string, DemoApp>> = {
  react,
  nextjs,
  sveltekit,
  "tanstack-start": tanstackStart,
};

/** The example that `--example` names, the React app without it. Throws with the names that there are. */
export function demoOf(args: readonly string[]): DemoApp {
  const index = args.findIndex((arg) => arg === "--example" || arg.startsWith("--example="));
  if (index < 0) return react;
  const name = args[index]?.split("=")[1] ?? args[index + 1] ?? "";
  const demo = Object.hasOwn(demos, name) ? demos[name] : undefined;
  if (demo) return demo;
  throw new Error(
    `No example is called "${name}": --example takes ${Object.keys(demos).join(", ")}.`,
  );
}
