/** Which files each test file imports, and whether it looks at others besides. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, root } from "../process.mjs";

/** Modules by which a test gets at files that it does not import. */
const LOOKS =
  /^(node:)?(fs|fs\/promises|child_process|module)$|^(esbuild|vite|vitest\/node|typescript|rolldown|convex-gate)(\/|$)/;
/** What does so in the text of a test: its own place, or an import whose name is not written there. */
const LOOKS_BY_TEXT =
  /\bimport\.meta\.(url|dirname|filename|glob|resolve)\b|\bimport\((?!\s*["'])|\bprocess\.cwd\b/;
/** A module that imports a folder with vite's glob, which esbuild does not follow, and that folder. */
const GLOBS = new Map([["js/test/index.ts", "convex/"]]);

/**
 * Every test file that git follows or could follow: `imports` are the paths of the repository that it reaches, `folders`
 * those that it imports whole, `looks` is true when it, or a file of the tests that it imports, reads files or runs programs.
 * Undefined when some import leads nowhere, as while a file is being moved.
 */
export async function testGraph() {
  const { build } = await import("esbuild");
  const listed = answerOf("git", ["ls-files", "-co", "--exclude-standard", "-z", "--", "tests"]);
  const tests = (listed ?? "").split("\0").filter((path) => /\.test\.tsx?$/.test(path));
  const drawn = await build({
    absWorkingDir: root,
    entryPoints: tests,
    bundle: true,
    // Otherwise each entry has a copy of all that it imports.
    splitting: true,
    format: "esm",
    write: false,
    metafile: true,
    outdir: join(root, "tests/output/graph"),
    packages: "external",
    ignoreAnnotations: true,
    platform: "node",
    jsx: "automatic",
    loader: { ".svelte": "empty", ".html": "empty", ".css": "empty" },
    logLevel: "silent",
  }).catch(() => undefined);
  return drawn && new Map(tests.map((test) => [test, reachedFrom(test, drawn.metafile.inputs)]));
}

function reachedFrom(test, inputs) {
  const imports = new Set();
  const folders = new Set();
  let looks = false;
  const visit = (path) => {
    const input = inputs[path];
    if (input === undefined || imports.has(path)) return;
    imports.add(path);
    // What a component of Svelte imports is not seen here.
    looks ||= path.endsWith(".svelte");
    if (GLOBS.has(path)) folders.add(GLOBS.get(path));
    if (path.startsWith("tests/"))
      looks ||=
        input.imports.some((each) => each.external && LOOKS.test(each.path)) ||
        LOOKS_BY_TEXT.test(readFileSync(join(root, path), "utf8"));
    for (const each of input.imports) visit(each.path);
  };
  visit(test);
  return { imports, folders, looks };
}
