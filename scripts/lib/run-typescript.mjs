/** Runs a TypeScript program of the repository in Node. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./process.mjs";

/** Bundles `entry` (packages stay outside) and runs it in the foreground; gives its exit code. */
export async function runTypeScript(entry, args) {
  const { build } = await import("esbuild");
  const folder = join(root, "tests/output");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, ".ts")}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
    logLevel: "error",
  });
  const flags = ["--enable-source-maps", "--no-warnings"];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...flags, outfile, ...args], {
      cwd: root,
      stdio: "inherit",
    });
    // Ctrl-C reaches the child by itself; this process only waits for it to finish.
    process.on("SIGINT", () => undefined);
    child.on("error", fail);
    child.on("close", (code) => done(code ?? 1));
  });
}
