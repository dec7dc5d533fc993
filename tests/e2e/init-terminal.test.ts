/**
 * `init` at a terminal: its questions, and Ctrl-C at each place where one waits. The terminal is the pseudo-terminal of
 * util-linux's `script`; the package manager is a stand-in, and the deployment one that does not answer.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { manifest, writeFiles } from "../cli/init/support/apps.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const program = join(repository, "dist/js/cli/main.js");
const root = join(repository, "tests/output/e2e-init terminal");
const app = join(root, "app");
const hasTerminal = spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;
const CTRL_C = "\u0003";

beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(join(root, "node_modules"), { recursive: true });
  for (const [name, path] of [
    ["convex-gate", repository],
    ["convex", join(repository, "node_modules/convex")],
  ] as const)
    await symlink(path, join(root, "node_modules", name), "dir");
  await writeFiles(app, {
    "package.json": manifest("vite", "react", "typescript", "convex"),
    "index.html": '<script type="module" src="/src/main.tsx"></script>\n',
    "src/main.tsx": "createRoot(document.body).render(<App />);\n",
    "../bin/npm": '#!/bin/sh\necho "installing $*"\nif [ -n "$SLOW" ]; then exec sleep 60; fi\n',
  });
  await chmod(join(root, "bin/npm"), 0o755);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs `init`; each answer is typed when its question stands on the screen. */
function atTerminal(
  answers: readonly (readonly [question: string, answer: string])[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string }> {
  const line = `stty cols 120 rows 50 && exec "${process.execPath}" "${program}" init`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    cwd: app,
    env: {
      PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: process.env["HOME"],
      TERM: "xterm",
      SHELL: "/bin/sh",
      CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:9",
      CONVEX_SELF_HOSTED_ADMIN_KEY: "nobody|1",
      ...env,
    },
    stdio: "pipe",
  });
  const left = [...answers];
  let out = "";
  let from = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
    const [next] = left;
    if (next === undefined || !out.slice(from).includes(next[0])) return;
    from = out.length;
    left.shift();
    // The question is drawn before its keys are read.
    setTimeout(() => child.stdin.write(next[1]), 300);
  });
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ code, out: stripVTControlCharacters(out) })),
  );
}

const written = (): string[] =>
  readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.\w+$/.test(path))
    .sort();
const BEFORE = ["index.html", "package.json", "src/main.tsx"];
const ALL = [
  ["Do this?", "y"],
  ["Change src/main.tsx like this?", "y"],
] as const;

describe.skipIf(!hasTerminal)("at a terminal (skipped without util-linux's script)", () => {
  it("Ctrl-C at a question does nothing", async () => {
    const { code, out } = await atTerminal([["Do this?", CTRL_C]]);
    expect([code, written()]).toEqual([1, BEFORE]);
    expect(out).toContain("Nothing more was done.");
    expect(out).not.toContain("installing");
  }, 30_000);

  it("Ctrl-C ends the package manager, and no file is written", async () => {
    const from = Date.now();
    const { code, out } = await atTerminal([...ALL, ["installing", CTRL_C]], { SLOW: "1" });
    expect([code, written()]).toEqual([1, BEFORE]);
    expect(out).toContain("No file was written. Run `npx convex-gate init` again.");
    // It waited for the end of the program that it had started.
    expect(Date.now() - from).toBeLessThan(50_000);
  }, 70_000);

  it("Ctrl-C ends a push that reaches nobody, and says how it goes on", async () => {
    const { code, out } = await atTerminal([
      ...ALL,
      ["Push the Convex functions", "y"],
      ["npx convex dev --once …", ""],
      ["attempt 3", CTRL_C],
    ]);
    expect([code, existsSync(join(app, "convex/auth.ts"))]).toEqual([1, true]);
    expect(out).toContain("The files are written. Run `npx convex dev` until");
  }, 60_000);

  it("shows a patch that is not wanted as lines to add", async () => {
    const before = readFileSync(join(app, "src/main.tsx"), "utf8");
    const { out } = await atTerminal([
      ["Do this?", "y"],
      ["Change src/main.tsx like this?", "n"],
      ["Push the Convex functions", CTRL_C],
    ]);
    expect(out).toContain("Add to src/main.tsx:");
    expect(readFileSync(join(app, "src/main.tsx"), "utf8")).toBe(before);
    expect(existsSync(join(app, "src/SignIn.tsx"))).toBe(true);
  }, 30_000);
});
