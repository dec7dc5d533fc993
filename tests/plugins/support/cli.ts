import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a run of the program came to. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How the program is run. */
export interface RunOptions {
  /** All variables that it has. */
  readonly env?: Record<string, string>;
  /** Pieces of its standard input, which come after pauses. */
  readonly input?: string[];
  /** @default the folder of the app */
  readonly cwd?: string;
}

/** The program in the folder of an app. */
export interface Cli {
  readonly folder: string;
  /** Runs it as a process of its own. */
  run(args: string[], given?: RunOptions): Promise<Run>;
  /** Writes a file of the app. */
  write(path: string, text: string | Uint8Array): void;
  /** Puts a package `convex` beside it whose program is this script; `args` are its arguments. */
  installConvex(script: string): void;
  remove(): void;
}

/** An app that doctor is content with, as far as its files go: those of the README, and packages that are names alone. */
export const APP: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ dependencies: { "convex-gate": "*", "better-auth": "*" } }),
  "convex/convex.config.ts": `import betterAuth from "convex-gate/convex.config";\napp.use(betterAuth);`,
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "convex-gate/auth-config";\nexport default { providers: [getAuthConfigProvider()] };`,
  "convex/auth.ts": `import { convex, crossDomain } from "convex-gate/plugins";\nbetterAuth({ plugins: [crossDomain(), convex({ authConfig })] });`,
  "convex/http.ts": `import { authComponent } from "./auth";\nauthComponent.registerRoutes(http, createAuth, { cors: true });`,
  "node_modules/convex-gate/package.json": `{ "name": "convex-gate", "version": "0.0.0" }`,
};

/** Builds the program. */
export async function buildCli(): Promise<Cli> {
  const folder = mkdtempSync(join(tmpdir(), "convex-gate-cli-"));
  const program = join(folder, "main.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../../js/cli/main.ts", import.meta.url))],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    // The argument parser is CommonJS and asks for node's own modules. The import has a name that no source of ours has.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    logLevel: "error",
  });
  const write = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(APP)) write(path, text);
  return {
    folder,
    write,
    run: (args, { env = {}, input = [], cwd = folder } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [program, ...args], { cwd, env });
        const [out, err]: [string[], string[]] = [[], []];
        child.stdout.on("data", (chunk) => out.push(String(chunk)));
        child.stderr.on("data", (chunk) => err.push(String(chunk)));
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, out: out.join(""), err: err.join("") }));
        void feed(child.stdin, input);
      }),
    installConvex(script) {
      write("node_modules/convex/package.json", JSON.stringify({ bin: { convex: "main.cjs" } }));
      write("node_modules/convex/main.cjs", `const args = process.argv.slice(2);\n${script}`);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Nobody may read before all is written, so what asks once whether there is something finds nothing. */
async function feed(stdin: Writable, pieces: readonly string[]): Promise<void> {
  stdin.on("error", () => {});
  for (const piece of pieces) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    stdin.write(piece);
  }
  stdin.end();
}

/** The variables of a set-up that is as it should be. */
export const goodEnv = {
  BETTER_AUTH_SECRET: "q8Zk2vW1xR7tB4nM9cD6fG3hJ5lP0sYu",
  BETTER_AUTH_URL: "https://happy-animal-1.convex.site",
  SITE_URL: "http://localhost:5173",
  VITE_CONVEX_URL: "https://happy-animal-1.convex.cloud",
  VITE_CONVEX_SITE_URL: "https://happy-animal-1.convex.site",
};
