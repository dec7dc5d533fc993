/** Somebody who does what a page says: writes its files, and types its commands, with the real programs. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Host } from "../../host/index.js";
import { packPackage } from "../../packaging/consumer.js";
import { repository } from "./pages.js";
import type { Step } from "./pages.js";

/** What was done so far. */
export interface Figures {
  commands: number;
  files: number;
}

/** A developer at work. */
export interface Developer {
  readonly figures: Figures;
  /** Where the app is served. */
  readonly origin: string;
  /** Does all steps in order; what runs on is left running, and is waited for until it is ready. */
  follow(steps: readonly Step[]): Promise<void>;
  /** Types one line, and gives what it printed. Throws with that when it fails. */
  type(line: string): Promise<string>;
  /** Changes a file by hand. */
  edit(path: string, change: (text: string) => string): Promise<void>;
  leave(): Promise<void>;
}

/** A program that stays open in a terminal of its own. */
interface Terminal {
  readonly child: ChildProcess;
  output: string;
  /** How often it said that it is ready. */
  ready: number;
}

/** Lines with which programs that run on say that they are ready. */
const READY: Readonly<Record<string, RegExp>> = {
  "npx convex dev": /Convex functions ready!/g,
  "npm run dev": /Local:.*http|server restarted/g,
};
const PORT = 5173;
const PATIENCE_MS = 60_000;

/** Somebody in an empty folder, whose Convex deployment will be `host`. */
export async function startDeveloper(host: Host): Promise<Developer> {
  let folder = await mkdtemp(join(tmpdir(), "convex-gate-reader-"));
  const start = folder;
  // Nobody watches it, and it is on the same disk as the app.
  const drafts = await mkdtemp(join(tmpdir(), "convex-gate-drafts-"));
  const tarball = await packPackage();
  // Another program of this machine may have the port of the pages.
  const port = await freePort(PORT);
  const { devDependencies } = JSON.parse(
    await readFile(join(repository, "package.json"), "utf8"),
  ) as { devDependencies: Record<string, string> };
  // What is installed is what is here, beside the versions that all other tests have.
  const installed: Record<string, string> = {
    "convex-gate": tarball,
    "better-auth": `better-auth@${String(devDependencies["better-auth"])}`,
    convex: `convex@${String(devDependencies["convex"])}`,
  };
  const terminals = new Map<string, Terminal>();
  const figures: Figures = { commands: 0, files: 0 };
  const env = {
    PATH: (process.env["PATH"] ?? "")
      .split(":")
      .filter((each) => !each.includes("node_modules"))
      .join(":"),
    HOME: process.env["HOME"],
    // Stands in for the answers to the questions of npm, and of the first `npx convex dev`: where to deploy.
    npm_config_yes: "true",
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    CONVEX_SELF_HOSTED_URL: host.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: host.adminKey,
  };

  function open(line: string): { child: ChildProcess; output: () => string } {
    const child = spawn("bash", ["-c", line], {
      cwd: folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    return { child, output: () => output };
  }

  async function type(line: string): Promise<string> {
    const { child, output } = open(line);
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code === 0) return output();
    throw new Error(`\`${line}\` ended with ${String(code)}:\n${output()}\n${logs()}`);
  }

  function logs(): string {
    return [...terminals].map(([line, { output }]) => `--- ${line}\n${output}`).join("\n");
  }

  async function command(line: string): Promise<void> {
    figures.commands += 1;
    const moved = /^cd (\S+)$/.exec(line)?.[1];
    if (moved !== undefined) {
      folder = join(folder, moved);
      return;
    }
    const ready = READY[line];
    if (ready !== undefined) return runOn(line, ready);
    if (line === "npx convex-gate init") return initialise();
    const words = line.startsWith("npm install")
      ? line.split(" ").map((word) => installed[word] ?? word)
      : [line];
    await type(words.join(" ").replaceAll(String(PORT), String(port)));
  }

  /** The package is not where npx looks for it, and nobody is there to answer questions. */
  async function initialise(): Promise<void> {
    await type(`npm install ${tarball}`);
    const address = port === PORT ? "" : ` --app-url http://localhost:${String(port)}`;
    await type(`npx convex-gate init --yes${address}`);
  }

  async function runOn(line: string, ready: RegExp): Promise<void> {
    const { child } = open(
      line === "npm run dev" ? `${line} -- --port ${String(port)} --strictPort` : line,
    );
    const terminal: Terminal = { child, output: "", ready: 0 };
    terminals.set(line, terminal);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        terminal.output += chunk.toString("utf8");
        terminal.ready = [...terminal.output.matchAll(ready)].length;
      });
    }
    await readyAgain(terminal, 0);
  }

  /** Waits until a program has said that it is ready once more than it had. */
  async function readyAgain(terminal: Terminal, before: number): Promise<void> {
    const from = terminal.output.length;
    const end = Date.now() + PATIENCE_MS;
    while (terminal.ready <= before) {
      const said = terminal.output.slice(from);
      if (/✖|rror:/.test(said) || Date.now() > end || terminal.child.exitCode !== null)
        throw new Error(`not ready:\n${logs()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /**
   * Saves a file as editors do: it is written elsewhere and takes its place whole, as Vite would read half of one. A change
   * below `convex/` is pushed, Vite's own makes it start again, and the next step follows when that is done.
   */
  async function save(path: string, text: string): Promise<void> {
    const draft = join(drafts, "draft");
    await writeFile(draft, text);
    const line = path.startsWith("convex/")
      ? "npx convex dev"
      : path === "vite.config.ts"
        ? "npm run dev"
        : undefined;
    const busy = line === undefined ? undefined : terminals.get(line);
    const before = busy?.ready ?? 0;
    await rename(draft, join(folder, path));
    if (busy) await readyAgain(busy, before);
  }

  async function file({ path, code, atEnd }: Extract<Step, { kind: "file" }>): Promise<void> {
    figures.files += 1;
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    const before = atEnd ? `${await readFile(target, "utf8")}\n` : "";
    await save(path, before + code.replaceAll(String(PORT), String(port)));
  }

  return {
    figures,
    origin: `http://localhost:${String(port)}`,
    async follow(steps) {
      for (const step of steps) {
        if (step.kind === "file") await file(step);
        else for (const line of step.lines) await command(line);
      }
    },
    type,
    async edit(path, change) {
      const text = await readFile(join(folder, path), "utf8");
      const changed = change(text);
      if (changed === text) throw new Error(`nothing to change in ${path}`);
      await save(path, changed);
    },
    async leave() {
      for (const { child } of terminals.values()) {
        if (child.pid === undefined || child.exitCode !== null) continue;
        const closed = new Promise((resolve) => child.once("close", resolve));
        // The group: a shell, npm and what npm started.
        process.kill(-child.pid, "SIGKILL");
        await closed;
      }
      for (const each of [start, drafts]) await rm(each, { recursive: true, force: true });
    },
  };
}

/** The port, or another one when it is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", () =>
      wanted === 0 ? reject(new Error("no port")) : resolve(freePort(0)),
    );
    server.listen(wanted, "localhost", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
