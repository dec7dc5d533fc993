/** An app in an empty folder that installs a tarball, as a user does. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../process.mjs";

const PEERS = [
  "better-auth",
  "convex",
  "react",
  "react-dom",
  "typescript",
  "@types/react",
  "@types/node",
];

/** Entries that need a framework which this project does not have, or are types or source alone. */
const NOT_LOADED =
  /^\.\/(nextjs|nextjs\/client|tanstack-start|svelte|sveltekit|expo|test|package\.json|_generated\/.*)$/;

/**
 * Installs the tarball beside its peers, loads every entry that needs no framework, compiles a module that imports the types
 * of each, and runs the program. Gives what was done; throws with the output of what failed.
 */
export async function tryInCleanProject(tarball, manifest) {
  const folder = mkdtempSync(join(tmpdir(), "convex-gate-release-"));
  try {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const dependencies = Object.fromEntries(PEERS.map((name) => [name, devDependencies[name]]));
    dependencies[manifest.name] = `file:${tarball}`;
    const app = { name: "clean-project", private: true, type: "module", dependencies };
    const cwd = join(folder, "app");
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), JSON.stringify(app));
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd });

    const entries = Object.keys(manifest.exports)
      .filter((entry) => !NOT_LOADED.test(entry))
      .map((entry) => `${manifest.name}${entry.slice(1)}`);
    const imports = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
    await run(process.execPath, ["--input-type=module", "-e", imports], { cwd });

    const types = entries.map((entry, at) => `import type * as _${String(at)} from "${entry}";`);
    writeFileSync(join(cwd, "types.ts"), `${types.join("\n")}\n`);
    const flags =
      "--noEmit --strict --module esnext --moduleResolution bundler --target es2022 --skipLibCheck";
    const tsc = join(cwd, "node_modules/typescript/bin/tsc");
    await run(process.execPath, [tsc, ...flags.split(" "), "types.ts"], { cwd });

    const help = await run("npx", ["--no-install", manifest.name, "--help"], { cwd });
    if (!help.includes("doctor")) throw new Error(`npx ${manifest.name} --help said: ${help}`);
    return `${String(entries.length)} entries load and have types, npx ${manifest.name} runs`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
