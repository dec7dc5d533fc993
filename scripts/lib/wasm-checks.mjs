/** What the built wasm must keep to: its size, its imports, and modules that do nothing when they are imported. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "./process.mjs";
import { generatedFolder, wasmModules } from "./wasm-build.mjs";

/** Checks every module and prints a line for each; gives the complaints. */
export function checkWasm() {
  const budget = readConfig("wasm-budget.json");
  const allowed = readConfig("wasm-imports.json");
  const complaints = [];
  for (const name of Object.keys(wasmModules)) {
    const wasm = wasmOf(name);
    const sizes = { raw: wasm.length, gzip: gzipSync(wasm, { level: 9 }).length };
    console.log(`  ${name}: ${describe(sizes, budget[name])}`);
    for (const kind of ["raw", "gzip"]) {
      if (sizes[kind] > budget[name][kind])
        complaints.push(`${name}: ${kind} size ${sizes[kind]} is over ${budget[name][kind]}`);
    }
    for (const leaked of importsOf(wasm).filter((each) => !allowed[name].includes(each))) {
      complaints.push(
        `${name}: the import \`${leaked}\` leaked in; .config/wasm-imports.json does not allow it`,
      );
    }
    for (const file of [`${name}-bytes.js`, `${name}-glue.js`]) complaints.push(...checkText(file));
  }
  return complaints;
}

function wasmOf(name) {
  const text = readFileSync(join(generatedFolder, `${name}-bytes.js`), "utf8");
  return Buffer.from(/"([A-Za-z0-9+/=]+)"/.exec(text)[1], "base64");
}

/** The imported names, without the hash that wasm-bindgen appends. */
export function importsOf(wasm) {
  const names = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(({ name }) => name);
  return [...new Set(names.map((name) => name.replace(/_[0-9a-f]{16}$/, "")))].sort();
}

function checkText(file) {
  const text = readFileSync(join(generatedFolder, file), "utf8");
  const refused = {
    "import.meta": /import\.meta/,
    "top-level await": /^\s*await /m,
    "an import of a .wasm file": /from\s*["'][^"']*\.wasm["']/,
  };
  return Object.entries(refused)
    .filter(([, pattern]) => pattern.test(text))
    .map(([what]) => `js/wasm/generated/${file} holds ${what}`);
}

function describe(sizes, budget) {
  return ["raw", "gzip"]
    .map(
      (kind) =>
        `${sizes[kind]} bytes ${kind} (budget ${budget[kind]}, ${budget[kind] - sizes[kind]} left)`,
    )
    .join(", ");
}

function readConfig(file) {
  return JSON.parse(readFileSync(join(root, ".config", file), "utf8"));
}
