/** What the built wasm must keep to: its size, its imports, and modules that do nothing when they are imported. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "./process.mjs";
import { builtWasm, wasmModules } from "./wasm-build.mjs";
import { generatedFolder } from "./wasm-outputs.mjs";

/** Checks the named modules and prints a line for each; gives the complaints. */
export async function checkWasm(names = Object.keys(wasmModules)) {
  const budget = readConfig("wasm-budget.json");
  const allowed = readConfig("wasm-imports.json");
  const complaints = [];
  for (const name of names) {
    const wasm = builtWasm(name);
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
    for (const file of [`${name}-bytes.js`, `${name}-glue.js`]) {
      const text = readFileSync(join(generatedFolder, file), "utf8");
      for (const held of await refusedSyntax(text))
        complaints.push(`js/wasm/generated/${file} holds ${held}`);
    }
  }
  return complaints;
}

/** The imported names, without the hash that wasm-bindgen appends. */
export function importsOf(wasm) {
  const names = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(({ name }) => name);
  return [...new Set(names.map((name) => name.replace(/_[0-9a-f]{16}$/, "")))].sort();
}

/** What a module must not hold. As CommonJS has none of the first two, esbuild finds them exactly. */
async function refusedSyntax(text) {
  const { transform } = await import("esbuild");
  const said = await transform(text, { format: "cjs", logLevel: "silent" }).then(
    ({ warnings }) => warnings,
    ({ errors }) => errors,
  );
  const found = said.map((message) => message.text);
  if (/(from|import)\s*\(?\s*["'][^"']*\.wasm["']/.test(text))
    found.push("an import of a .wasm file");
  return found;
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
