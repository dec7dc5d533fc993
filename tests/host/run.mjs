#!/usr/bin/env node
// Runs a TypeScript entry that starts a host: `node tests/host/run.mjs ENTRY.ts [arguments]`.
// The entry is bundled, packages stay outside.
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node tests/host/run.mjs ENTRY.ts [arguments]");
  process.exit(2);
}
const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, "node_modules/.cache/convex-gate");
await mkdir(cache, { recursive: true });
// One file per process, so that two runs of the same entry do not overwrite each other.
const outfile = join(cache, `${basename(entry).replace(/\.[^.]+$/, "")}-${process.pid}.mjs`);
await build({
  entryPoints: [resolve(entry)],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});

const flags = [
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  "--enable-source-maps",
];
const child = spawn(process.execPath, [...flags, outfile, ...rest], { stdio: "inherit" });
// A Ctrl-C reaches the whole group; this process waits for the child to finish its clean-up.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (signal === "SIGTERM") child.kill(signal);
  });
}
child.on("exit", async (code, signal) => {
  await rm(outfile, { force: true });
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
