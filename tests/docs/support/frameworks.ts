/** What frameworks write for an app before its code compiles, and the compiler of Svelte's. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { Generator, getConfig } from "@tanstack/router-generator";
import type { PageApp } from "./app.js";
import { repository } from "./blocks.js";
import type { CompileError } from "./compile-error.js";

const run = promisify(execFile);

/** Whether Svelte's compiler is needed. */
export function isSvelte({ files }: PageApp): boolean {
  return [...files.values()].some(({ language }) => language === "svelte");
}

/** Writes the route tree of an app of TanStack's router. Its starter brings the root, where the page has none. */
export async function writeRouteTree({ files, folder }: PageApp): Promise<void> {
  if (![...files.values()].some(({ code }) => code.includes("createFileRoute("))) return;
  const root = join(folder, "src/routes/__root.tsx");
  if (!existsSync(root)) {
    mkdirSync(join(folder, "src/routes"), { recursive: true });
    writeFileSync(
      root,
      'import { createRootRoute } from "@tanstack/react-router";\nimport "@tanstack/react-start";\nexport const Route = createRootRoute();\n',
    );
  }
  const config = getConfig({ disableLogging: true, routeFileIgnorePattern: "^\\+" }, folder);
  await new Generator({ config, root: folder }).run();
}

/** What `svelte-check` finds in the blocks of an app. */
export async function svelteErrors({ page, folder, files }: PageApp): Promise<CompileError[]> {
  const names = [...files.values()].flatMap(({ code }) => code.match(/\bPUBLIC_\w+/g) ?? []);
  const given: Record<string, string> = {
    "package.json": JSON.stringify({ name: "app", type: "module" }),
    "svelte.config.js": "export default {};\n",
    "tsconfig.json": JSON.stringify({
      extends: "./.svelte-kit/tsconfig.json",
      // As SvelteKit's own starter has it: declarations of packages are not the page's.
      compilerOptions: { skipLibCheck: true },
      include: [
        ...files.keys(),
        ".svelte-kit/*.d.ts",
        ".svelte-kit/types/**/*.d.ts",
        "src/app.d.ts",
      ],
    }),
    "src/app.html": "<body>%sveltekit.head%%sveltekit.body%</body>\n",
    ".env": [...new Set(names)].map((name) => `${name}=x\n`).join(""),
  };
  for (const [file, text] of Object.entries(given))
    if (!files.has(join(folder, file))) writeFileSync(join(folder, file), text);
  const bin = (name: string): string => join(repository, "node_modules/.bin", name);
  // One command, which runs to its end while this process is busy with the other compiler.
  const command =
    '"$0" sync && node --single-threaded-gc "$1" --output machine-verbose --tsconfig ./tsconfig.json';
  const args = ["-c", command, bin("svelte-kit"), bin("svelte-check")];
  const { stdout, stderr } = await run("sh", args, { cwd: folder }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  if (!stdout.includes(" COMPLETED ")) throw new Error(`${page} was not checked:\n${stderr}`);
  return stdout
    .split("\n")
    .map((line) => /^\d+ (\{.*"type":"ERROR".*\})$/.exec(line)?.[1])
    .filter((found) => found !== undefined)
    .flatMap((found) => {
      const { filename, start, message } = JSON.parse(found) as {
        filename: string;
        start: { line: number };
        message: string;
      };
      const path = join(folder, filename);
      const block = files.get(path);
      if (!block) return [];
      const at = `${page}:${String(block.line + start.line)} (${relative(folder, path)})`;
      return [{ block, text: `${at}: ${message}` }];
    });
}
