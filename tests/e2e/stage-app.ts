/** An app of the tests as a project of its own, in which the package is installed. */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Copies `source` to `tests/output/<name>` and links the built package there. Gives the folder. */
export async function stageApp(source: string, name: string): Promise<string> {
  const folder = join(repository, "tests/output", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(source, folder, { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name, type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}
