/** The matrix's app, bundled by the real CLI with the server halves of some plugins in it. */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleApp } from "../../host/index.js";
import type { PushRequest } from "../../host/index.js";

const matrix = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Bundles the app under `name` with what `plugins/<plugin>.server.ts` exports as `sets`. A request evaluates the plugins of
 * its app and none of the others in the bundle, but for `allEvaluated`: then every request evaluates all of them.
 */
export async function bundleMatrix(
  name: string,
  plugins: readonly string[],
  { allEvaluated = false } = {},
): Promise<PushRequest> {
  const folder = join(repository, "tests/output/matrix", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(join(matrix, "app"), folder, { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name: "matrix", type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "convex/registry.ts"), registryOf(plugins, allEvaluated));
  return bundleApp(folder);
}

function registryOf(plugins: readonly string[], allEvaluated: boolean): string {
  const files = plugins.map((plugin) => join(matrix, "plugins", `${plugin}.server.ts`));
  const imports = files.map((file, index) =>
    allEvaluated ? `import * as module${String(index)} from ${JSON.stringify(file)};` : "",
  );
  const members = plugins.map((plugin, index) => {
    const module = allEvaluated
      ? `module${String(index)}`
      : `await import(${JSON.stringify(files[index])})`;
    return `${JSON.stringify(plugin)}: async () => (${module}).sets,`;
  });
  return [...imports, "export const registry = {", ...members, "};"].join("\n");
}
