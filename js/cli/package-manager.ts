/** The app's package manager, and how it adds packages. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { detect, getUserAgent } from "package-manager-detector/detect";
import { resolveCommand } from "package-manager-detector/commands";
import { ownVersion } from "./own-version.js";

/** A program and its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where packages that must not be of any version are held. No character in it means anything to a shell. */
const RANGES: Readonly<Record<string, string>> = {
  // What the peer dependencies of this package allow.
  "better-auth": "~1.7.3",
  "@better-auth/expo": "~1.7.3",
  convex: "1",
  "convex-gate": ownVersion(),
};

/**
 * How packages are added in `root`: by the package manager whose lock file is there or above, as in a monorepo, else by
 * the one that runs this, else by npm.
 */
export async function addCommand(root: string, names: readonly string[]): Promise<CommandLine> {
  const agent = (await detect({ cwd: root }))?.agent ?? getUserAgent() ?? "npm";
  const packages = names.map((name) => (RANGES[name] ? `${name}@${RANGES[name]}` : name));
  // pnpm refuses to add to a workspace's root unless it is told that this is meant.
  const isRoot = agent.startsWith("pnpm") && existsSync(join(root, "pnpm-workspace.yaml"));
  const args = [...(isRoot ? ["--workspace-root"] : []), ...packages];
  return resolveCommand(agent, "add", args) ?? { command: "npm", args: ["install", ...args] };
}
