/** One app, to the letter, on either package: only the names of the imports differ. */
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PushRequest } from "../../host/index.js";
import { bundleApp } from "../../host/index.js";

/** Whose app it is. */
export type Owner = "ours" | "peer";

const OURS = "convex-gate";
const PEER = "@convex-dev/better-auth";

/** Bundles the app with the CLI: with no plugin but the package's own, or with everything on. */
export async function bundleFootprint(
  repository: string,
  owner: Owner,
  everything: boolean,
): Promise<PushRequest> {
  const folder = join(
    repository,
    `tests/output/footprint/${owner}-${everything ? "everything" : "nothing"}`,
  );
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(repository, "tests/bench/footprint/convex"), join(folder, "convex"), {
    recursive: true,
  });
  if (!everything) {
    await writeFile(join(folder, "convex/others.js"), "export const others = () => [];\n");
  }
  if (owner === "ours") {
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, `node_modules/${OURS}`), "dir");
  } else {
    await rename(join(folder, "convex"));
    await symlink(
      join(repository, "tests/bench/peer/node_modules"),
      join(folder, "node_modules"),
      "dir",
    );
  }
  const manifest = { name: "footprint", type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  return bundleApp(folder);
}

/** The same imports from the other package, whose subpaths have the same names. */
async function rename(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(join(folder, file), text.replaceAll(`"${OURS}`, `"${PEER}`));
  }
}
