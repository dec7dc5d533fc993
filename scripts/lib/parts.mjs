/** The parts of `npm test`: each gives how many tests passed and failed. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildDist } from "./build.mjs";
import { formatting, linting, typesOf } from "./checks.mjs";
import { workspaceInputs } from "./cargo-inputs.mjs";
import { checkGeneratedFiles, lintRust } from "./cargo.mjs";
import { root, spawned } from "./process.mjs";
import { cargoTests, vitest } from "./test-runners.mjs";
import { unlessPassed } from "./verdicts.mjs";
import { builtWasm, buildWasm, compileWasm, wasmModules } from "./wasm-build.mjs";
import { checkWasm } from "./wasm-checks.mjs";
import { reproducedInputs } from "./wasm-outputs.mjs";

const passed = { passed: 1, failed: 0 };
const failed = (output) => ({ passed: 0, failed: 1, output });

/** One test, passed when the program that is run ends with 0. */
async function verdict(running) {
  const { code, output } = await running;
  return code === 0 ? passed : failed(output);
}

function check(command, args) {
  return () => verdict(spawned(command, args));
}

function node(file, ...args) {
  return check(process.execPath, [join(root, file), ...args]);
}

/** Next writes types of the example's routes first, as its own build does. */
async function typesOfNextExample() {
  const folder = join(root, "examples/nextjs");
  const next = join(root, "node_modules/next/dist/bin/next");
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  const { code, output } = await spawned(process.execPath, [next, "typegen", folder], { env });
  return code === 0 ? verdict(typesOf("examples/nextjs/tsconfig.json")) : failed(output);
}

/** Svelte's own check of the example, after SvelteKit has written the types of its routes. */
async function typesOfSvelteExample() {
  const cwd = join(root, "examples/sveltekit");
  const run = (file, ...args) => spawned(process.execPath, [join(root, file), ...args], { cwd });
  const { code, output } = await run("node_modules/@sveltejs/kit/svelte-kit.js", "sync");
  return code === 0
    ? verdict(run("node_modules/svelte-check/bin/svelte-check", "--fail-on-warnings"))
    : failed(output);
}

/** The same sources must give the same bytes, also in another folder and without what was built before. */
async function reproducible(wasmEnv) {
  const folder = join(root, "target/reproduced");
  rmSync(folder, { recursive: true, force: true });
  const { wasm } = await compileWasm("core", wasmEnv, folder);
  return wasm.equals(builtWasm("core"))
    ? passed
    : failed("a second build of the core gave other bytes");
}

/** A project of vitest; `files` of the part are those of its tests that run, all of them by default. */
function vitestPart(group, name, project) {
  return { group, name, project, run: ({ files } = {}) => vitest(project, files) };
}

/** Every part in order, by group. `wasmEnv` is the environment of wasm builds. */
export function parts(wasmEnv) {
  return [
    {
      group: "build",
      name: "wasm modules",
      run: async () => {
        for (const name of Object.keys(wasmModules)) await buildWasm(name, wasmEnv);
        return passed;
      },
    },
    {
      group: "build",
      name: "wasm size and imports",
      run: async () => {
        const complaints = await checkWasm();
        return complaints.length === 0 ? passed : failed(complaints.join("\n"));
      },
    },
    { group: "build", name: "dist", run: async () => (await buildDist(), passed) },
    {
      group: "bytes",
      name: "wasm is reproducible",
      run: () => unlessPassed("reproducible", reproducedInputs, () => reproducible(wasmEnv)),
    },
    { group: "rust", name: "rustfmt", run: check("cargo", ["fmt", "--all", "--check"]) },
    {
      group: "rust",
      name: "clippy",
      run: () => unlessPassed("clippy", workspaceInputs, () => verdict(lintRust())),
    },
    {
      group: "rust",
      name: "generated files are current",
      run: () => verdict(checkGeneratedFiles()),
    },
    { group: "rust", name: "cargo test", run: cargoTests },
    {
      group: "types",
      name: "types of sources and tests",
      run: () => verdict(typesOf("tsconfig.json")),
    },
    {
      group: "types",
      name: "declarations",
      run: node("node_modules/typescript/bin/tsc", "-p", "tsconfig.declarations.json"),
    },
    {
      group: "types",
      name: "types of the example",
      run: () => verdict(typesOf("examples/react/tsconfig.json")),
    },
    { group: "types", name: "types of the example for Next.js", run: typesOfNextExample },
    {
      group: "types",
      name: "types of the example for TanStack Start",
      run: () => verdict(typesOf("examples/tanstack-start/tsconfig.json")),
    },
    { group: "types", name: "types of the example for SvelteKit", run: typesOfSvelteExample },
    { group: "types", name: "eslint", run: () => verdict(linting()) },
    { group: "types", name: "prettier", run: () => verdict(formatting()) },
    vitestPart("js", "vitest: units and the component", "node"),
    vitestPart("js", "vitest: components with React 18", "react18"),
    vitestPart("js", "vitest: the Svelte binding", "svelte"),
    vitestPart("host", "vitest: the local host", "host"),
    vitestPart("matrix", "vitest: the plugin matrix", "matrix"),
    vitestPart("browser", "vitest: the example in Chromium", "browser"),
    vitestPart("package", "vitest: the packed package", "packaging"),
  ];
}
