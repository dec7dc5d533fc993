/** The matrix's app, bundled by the real CLI with the server halves of some plugins in it. */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleApp } from "../../host/index.js";
import type { PushRequest } from "../../host/index.js";

const matrix = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** Bundles the app under `name` with what `plugins/<plugin>.server.ts` exports as `sets`. */
export async function bundleMatrix(name: string, plugins: readonly string[]): Promise<PushRequest> {
  const folder = join(repository, "tests/output/matrix", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(join(matrix, "app"), folder, { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const imports = plugins.map((plugin, index) => {
    const file = JSON.stringify(join(matrix, "plugins", `${plugin}.server.ts`));
    return `import { sets as sets${String(index)} } from ${file};`;
  });
  const members = plugins.map((_, index) => `...sets${String(index)}`);
  const manifest = { name: "matrix", type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(
    join(folder, "convex/registry.ts"),
    `${imports.join("\n")}\nexport const registry = { ${members.join(", ")} };\n`,
  );
  return bundleApp(folder);
}
