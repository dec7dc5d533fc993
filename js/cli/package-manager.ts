/** The app's package manager, and how it adds packages. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { detect, getUserAgent } from "package-manager-detector/detect";
import { resolveCommand } from "package-manager-detector/commands";
import type { Agent } from "package-manager-detector";
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
};

/** How packages are added in `root`, each in a version that fits. */
export function addCommand(root: string, names: readonly string[]): Promise<CommandLine> {
  return addSpecs(
    root,
    names.map((name) => {
      const range = name === "convex-gate" ? ownVersion() : RANGES[name];
      return range ? `${name}@${range}` : name;
    }),
  );
}

/** The line to type that adds packages in these versions, as `better-auth@1`. */
export async function addLine(root: string, specs: readonly string[]): Promise<string> {
  const { command, args } = await addSpecs(root, specs);
  return [command, ...args.map((arg) => (/[<>|\s*]/.test(arg) ? `"${arg}"` : arg))].join(" ");
}

/** The line to type that leaves one copy of each package; undefined where the package manager has none. */
export async function dedupeLine(root: string): Promise<string | undefined> {
  const line = resolveCommand(await agentOf(root), "dedupe", []);
  return line ? [line.command, ...line.args].join(" ") : undefined;
}

async function addSpecs(root: string, specs: readonly string[]): Promise<CommandLine> {
  const agent = await agentOf(root);
  // pnpm refuses to add to a workspace's root unless it is told that this is meant.
  const isRoot = agent.startsWith("pnpm") && existsSync(join(root, "pnpm-workspace.yaml"));
  const args = [...(isRoot ? ["--workspace-root"] : []), ...specs];
  return resolveCommand(agent, "add", args) ?? { command: "npm", args: ["install", ...args] };
}

/**
 * The package manager whose lock file is in `root` or above, as in a monorepo, else the one that runs this, else npm.
 */
async function agentOf(root: string): Promise<Agent> {
  return (await detect({ cwd: root }))?.agent ?? getUserAgent() ?? "npm";
}
