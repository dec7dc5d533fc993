/** The package as it is packed, in an app that has the named packages of this repository and nothing else. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { exportGraph } from "./bundle-report.js";
import { packPackage } from "./consumer.js";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** An app's folder, and the package's in it. */
export interface BareApp {
  readonly folder: string;
  readonly packageFolder: string;
  /** Files that an entry reaches outside of the package's own code, sorted. */
  foreign(entry: string): Promise<string[]>;
  /** What the compiler says of a file of the app at its strictest; an empty text where it has nothing to say. */
  compile(file: string, ...options: string[]): Promise<string>;
  remove(): Promise<void>;
}

const STRICTEST =
  "--strict --noEmit --target ES2022 --lib ES2022,DOM,DOM.Iterable --exactOptionalPropertyTypes --verbatimModuleSyntax";

/** Makes an app whose `node_modules` hold the package and `packages`. */
export async function makeBareApp(packages: readonly string[]): Promise<BareApp> {
  const folder = await mkdtemp(join(tmpdir(), "convex-gate-app-"));
  const packageFolder = join(folder, "node_modules/convex-gate");
  await mkdir(packageFolder, { recursive: true });
  const tarball = await packPackage();
  await run("tar", ["-xzf", tarball, "-C", packageFolder, "--strip-components=1"]);
  const manifest = { name: "app", private: true, type: "module" };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  for (const name of packages) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(modules, name), link, "dir");
  }
  return {
    folder,
    packageFolder,
    async foreign(entry) {
      const { files } = await exportGraph(entry, folder, packageFolder);
      return files.filter((file) => !file.includes("stdin") && !file.startsWith("dist/js/")).sort();
    },
    async compile(file, ...options) {
      const tsc = join(modules, "typescript/bin/tsc");
      const args = [tsc, ...STRICTEST.split(" "), ...options, file];
      const compiled = run("node", args, { cwd: folder });
      return (await compiled.catch((error: { stdout: string }) => error)).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
