/** Metro, React Native and Expo's packages, which are installed when they are first needed, and once for all clones. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const FILES = ["package.json", "package-lock.json", ".npmrc"];

/** Where the packages of the lock file are, and what Metro made of files before. */
export interface Tools {
  readonly modules: string;
  readonly cache: string;
}

/** Installs what is not there. */
export async function installTools(): Promise<Tools> {
  const locks = pathToFileURL(join(here, "../../../scripts/lib/lock.mjs")).href;
  const { cacheFolder, withLock } = (await import(locks)) as {
    cacheFolder: string;
    withLock: (name: string, work: () => Promise<void>) => Promise<void>;
  };
  const texts = await Promise.all(FILES.map((name) => readFile(join(here, name))));
  const hash = createHash("sha256").update(Buffer.concat(texts)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder, `metro-${hash}`);
  const modules = join(folder, "node_modules");
  // npm writes this one last.
  const isThere = (): boolean => existsSync(join(modules, ".package-lock.json"));
  if (!isThere())
    await withLock("metro", async () => {
      if (isThere()) return;
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      for (const name of FILES) await cp(join(here, name), join(folder, name));
      await run("npm", ["ci", "--ignore-scripts"], { cwd: folder });
    });
  const cache = join(folder, "cache");
  await mkdir(cache, { recursive: true });
  return { modules, cache };
}
