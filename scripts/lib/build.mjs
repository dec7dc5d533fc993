/** Everything between a bootstrapped clone and `dist/`. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { compileSources } from "./compiled.mjs";
import { Missing, root, step } from "./process.mjs";
import { buildWasm, wasmModules } from "./wasm-build.mjs";
import { checkWasm } from "./wasm-checks.mjs";
import { generatedFolder } from "./wasm-outputs.mjs";

/** Builds the named wasm modules, all of them by default, and fails when one breaks its limits. */
export async function buildAllWasm(wasmEnv, names = []) {
  console.log("wasm");
  const known = Object.keys(wasmModules);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Missing(`no wasm module is called ${unknown.join(", ")}: ${known.join(" or ")}`);
  const chosen = names.length > 0 ? names : known;
  for (const name of chosen) await step(`${name} module`, () => buildWasm(name, wasmEnv));
  const complaints = await checkWasm(chosen);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

/** Compiles the TypeScript into `dist/` and makes the example apps see the package by its name. */
export async function buildDist() {
  console.log("dist");
  await step("typescript", async () => {
    const outcome = await compileSources();
    const generated = join(root, "dist/js/wasm/generated");
    cpSync(generatedFolder, generated, {
      recursive: true,
      filter: (path) => !/\.(stamp|sha256)$/.test(path),
    });
    const cli = join(root, "dist/js/cli/main.js");
    if (existsSync(cli)) chmodSync(cli, 0o755);
    return outcome;
  });
  await step("the examples' links to the package", () => {
    const missing = readdirSync(join(root, "examples"))
      .map((name) => join(root, "examples", name, "node_modules"))
      .filter((folder) => !lstatSync(join(folder, "convex-gate"), { throwIfNoEntry: false }));
    for (const folder of missing) {
      mkdirSync(folder, { recursive: true });
      symlinkSync("../../..", join(folder, "convex-gate"), "dir");
    }
    return missing.length === 0 ? "present" : "made";
  });
}
