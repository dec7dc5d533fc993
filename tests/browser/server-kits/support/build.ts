/** Production builds of the examples, made once for what they are made of. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addresses, ServerKit } from "./kit.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const cache = join(root, "tests/output/server-kits");

/**
 * The deployment that apps are built for: addresses are written into what browsers load. Those of the local host are new
 * for each run, and put in their place, with as many characters.
 */
const BUILT_FOR: Addresses = { url: "http://127.0.0.1:10001", siteUrl: "http://127.0.0.1:10002" };

const NOT_SOURCES = new Set(["node_modules", "_generated", "dist", "build", "README.md"]);

/** Copies a build of the example for a deployment into a folder. Gives how long the build took, in s, 0 if there was one. */
export async function builtInto(folder: string, kit: ServerKit, to: Addresses): Promise<number> {
  const build = join(cache, `${kit.name}-${await contentOf(kit)}`);
  const began = Date.now();
  const isThere = existsSync(build);
  if (!isThere) await makeBuild(kit, build);
  await rm(folder, { recursive: true, force: true });
  await cp(build, folder, { recursive: true, verbatimSymlinks: true });
  await replaceAddresses(folder, to);
  return isThere ? 0 : (Date.now() - began) / 1000;
}

async function makeBuild(kit: ServerKit, target: string): Promise<void> {
  const example = join(root, "examples", kit.name);
  const [file, ...args] = kit.build;
  await run(example, [join(root, "node_modules", file), ...args], kit.env(BUILT_FOR));
  // Nobody finds half a build, and those before this one are of no use.
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const each of ["package.json", ...kit.output])
    await cp(join(example, each), join(unfinished, each), {
      recursive: true,
      filter: (path) => !path.endsWith("/cache"),
    });
  for (const name of await readdir(cache))
    if (name.startsWith(`${kit.name}-`) && name !== basename(unfinished))
      await rm(join(cache, name), { recursive: true, force: true });
  await rename(unfinished, target);
}

function run(cwd: string, args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...plainEnv(), ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the build of ${cwd} failed:\n${output}`)),
    );
  });
}

/** The environment without what vitest tells its own processes. */
export function plainEnv(): NodeJS.ProcessEnv {
  const { NODE_ENV: _mode, VITEST: _vitest, NODE_OPTIONS: _options, ...env } = process.env;
  return {
    ...env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    EXAMPLES_ARE_CHECKED: "1",
  };
}

/** A name for everything that decides what is built. */
async function contentOf(kit: ServerKit): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([process.version, kit.build, kit.output]));
  for (const each of [...kit.packages, "convex", "better-auth", "react"])
    hash.update(await readFile(join(root, "node_modules", each, "package.json")));
  for (const folder of [`examples/${kit.name}`, "examples/react", "dist/js"])
    await hashFolder(hash, join(root, folder));
  return hash.digest("hex").slice(0, 16);
}

async function hashFolder(hash: ReturnType<typeof createHash>, folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry;
    if (name.startsWith(".") || name.endsWith(".d.ts") || NOT_SOURCES.has(name)) continue;
    const path = join(folder, name);
    if (entry.isDirectory()) await hashFolder(hash, path);
    else if (entry.isFile()) hash.update(`${name}\0`).update(await readFile(path));
  }
}

async function replaceAddresses(folder: string, to: Addresses): Promise<void> {
  const pairs = [
    [BUILT_FOR.url, to.url],
    [BUILT_FOR.siteUrl, to.siteUrl],
  ] as const;
  for (const [from, into] of pairs)
    if (from.length !== into.length) throw new Error(`${into} must be as long as ${from}`);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Each byte one character, so that whatever else is in a file stays as it is.
    const before = await readFile(path, "latin1");
    const after = pairs.reduce((text, [from, into]) => text.replaceAll(from, into), before);
    if (after !== before) await writeFile(path, after, "latin1");
  }
}
