/** The app that a page describes, as a project that Vite and the Convex CLI can build. */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { filesOf } from "../../docs/support/app.js";
import { repository } from "../../docs/support/blocks.js";

/** Beside the page's own: what create-vite's template has. */
const TEMPLATE: Readonly<Record<string, string>> = {
  "index.html": '<div id="root"></div><script type="module" src="/src/main.tsx"></script>',
  "vite.config.ts":
    'import react from "@vitejs/plugin-react";\nexport default { plugins: [react()] };\n',
  "src/index.css": "",
};

/** Writes the files of a page's sections, over those of the pages that it names, and gives the folder. */
export async function stagePage(
  page: string,
  sections: readonly (string | undefined)[],
  name: string,
): Promise<string> {
  const folder = join(repository, "tests/output", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name, type: "module", dependencies: { convex: "*" } };
  const files = { ...Object.fromEntries(filesOf(page, sections)), ...TEMPLATE };
  for (const [path, text] of Object.entries({
    ...files,
    "package.json": JSON.stringify(manifest),
  })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  // As `npx convex dev` writes it; only its types, which nobody asks for here, are of another app.
  await cp(
    join(repository, "examples/react/convex/_generated"),
    join(folder, "convex/_generated"),
    {
      recursive: true,
    },
  );
  return folder;
}
