/** The real compilers over the apps of the pages. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { hostFor } from "../../support/parsed-once.js";
import type { PageApp } from "./app.js";
import { writeYours } from "./app.js";
import { repository } from "./blocks.js";
import type { Block } from "./blocks.js";
import type { CompileError } from "./compile-error.js";
import { isSvelte, svelteErrors, writeRouteTree } from "./frameworks.js";

/** The types of a framework that is not installed here. */
const astro = join(repository, "tests/ssr/support/astro.d.ts");

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node", "vite/client"],
};

/** What the compilers find in the files of the apps. */
export async function errorsIn(apps: readonly PageApp[]): Promise<CompileError[]> {
  // Svelte's runs in a process of its own, meanwhile.
  const svelte = Promise.all(apps.filter(isSvelte).map(svelteErrors));
  const others = apps.filter((app) => !isSvelte(app));
  await Promise.all(others.map(writeRouteTree));
  const [alone, together] = [others.filter(isAlone), others.filter((app) => !isAlone(app))];
  const found = [together, ...alone.map((app) => [app])].flatMap(errorsOfProgram);
  return [...found, ...(await svelte).flat()];
}

/** Whether an app says something about the whole program, which other apps would hear. */
function isAlone({ files }: PageApp): boolean {
  return [...files.values()].some(({ code }) =>
    /^declare (module|global)|from "(@\/|\$lib\/|astro:)|createFileRoute/m.test(code),
  );
}

const hasAstro = ({ code }: Block): boolean => code.includes('from "astro:');

function errorsOfProgram(apps: readonly PageApp[]): CompileError[] {
  const files = apps.flatMap(({ files }) => [...files.keys()]);
  const only = apps.length === 1 ? apps[0] : undefined;
  const tree = only ? [join(only.folder, "src/routeTree.gen.ts")].filter(existsSync) : [];
  const isAstro = only !== undefined && [...only.files.values()].some(hasAstro);
  const chosen = {
    ...options,
    ...(only ? { paths: { "@/*": [join(only.folder, "src/*")] } } : {}),
  };
  const roots = [...files, ...tree, writeYours(), ...(isAstro ? [astro] : [])];
  const program = ts.createProgram(roots, chosen, hostFor(chosen));
  return apps.flatMap((app) =>
    [...app.files].flatMap(([path, block]) => {
      const source = program.getSourceFile(path);
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return found
        .filter(({ code }) => block.part === "whole" || !UNUSED.includes(code))
        .map(({ messageText, start, file }) => {
          const { line } = file?.getLineAndCharacterOfPosition(start ?? 0) ?? { line: 0 };
          const where = block.part === "whole" ? block.line + line : block.line;
          const text = file?.text.split("\n")[line]?.trim() ?? "";
          const message = ts.flattenDiagnosticMessageText(messageText, "\n");
          const at = `${block.page}:${String(where)} (${relative(app.folder, path)})`;
          return { block, text: `${at}: ${message}\n    ${text}` };
        });
    }),
  );
}

/** Something of the file around a fragment is not used by it. */
const UNUSED = [6133, 6192, 6196];
