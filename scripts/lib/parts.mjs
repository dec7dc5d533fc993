/** The parts of `npm test`: each gives how many tests passed and failed. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildDist } from "./build.mjs";
import { formatting, linting, typesOf } from "./checks.mjs";
import { workspaceInputs } from "./cargo-inputs.mjs";
import { checkGeneratedFiles, lintRust } from "./cargo.mjs";
import { SOURCES } from "./compiled.mjs";
import { root, spawned } from "./process.mjs";
import { sourcesHash } from "./sources-hash.mjs";
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

/**
 * A part that looks at sources below these folders only, all of them by default. Each of `checks` gives the end of a program;
 * how they are called is here, and one of its inputs.
 */
function sourcesPart(name, folders, ...checks) {
  const inputs = () => sourcesHash(folders && ["scripts/lib/", ...folders]);
  const run = async () => {
    for (const check of checks) {
      const { code, output } = await check();
      if (code !== 0) return failed(output);
    }
    return passed;
  };
  const kept = name.replaceAll(/\W+/g, "-").toLowerCase();
  return { group: "types", name, run: () => unlessPassed(kept, inputs, run) };
}

/** The types of an example, where need be after its framework has written those of its routes. */
function exampleTypes(name, folder, ...checks) {
  return sourcesPart(name, [...SOURCES, `examples/${folder}/`], ...checks);
}

/** A program of an installed package, in the folder of an example. */
function inExample(folder, file, ...args) {
  const cwd = join(root, "examples", folder);
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  const program = join(root, "node_modules", file);
  return () => spawned(process.execPath, [program, ...args], { cwd, env });
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

/**
 * A project of vitest; `files` of the part are those of its tests that run, all of them by default. `workers` is how many
 * files run at once, where that is not as many as vitest.config.ts says.
 */
function vitestPart(group, name, project, workers) {
  return { group, name, project, run: ({ files } = {}) => vitest(project, files, workers) };
}

/** A page waits for most of its time: as many files at once as keep two processors busy. */
const PAGES_AT_ONCE = 3;

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
    sourcesPart("types of sources and tests", undefined, () => typesOf("tsconfig.json")),
    sourcesPart("declarations", SOURCES, () =>
      spawned(process.execPath, [
        join(root, "node_modules/typescript/bin/tsc"),
        "-p",
        "tsconfig.declarations.json",
      ]),
    ),
    exampleTypes("types of the example", "react", () => typesOf("examples/react/tsconfig.json")),
    exampleTypes(
      "types of the example for Next.js",
      "nextjs",
      inExample("nextjs", "next/dist/bin/next", "typegen"),
      () => typesOf("examples/nextjs/tsconfig.json"),
    ),
    exampleTypes("types of the example for TanStack Start", "tanstack-start", () =>
      typesOf("examples/tanstack-start/tsconfig.json"),
    ),
    exampleTypes(
      "types of the example for SvelteKit",
      "sveltekit",
      inExample("sveltekit", "@sveltejs/kit/svelte-kit.js", "sync"),
      inExample("sveltekit", "svelte-check/bin/svelte-check", "--fail-on-warnings"),
    ),
    sourcesPart("eslint", undefined, linting),
    {
      ...vitestPart("types", "vitest: types as apps see them", "types"),
      // All tests of it are the compiler's word on files of this repository and of packages.
      run: ({ files } = {}) =>
        files === undefined
          ? unlessPassed("types-of-apps", sourcesHash, () => vitest("types"))
          : vitest("types", files),
    },
    { group: "types", name: "prettier", run: () => verdict(formatting()) },
    vitestPart("js", "vitest: units and the component", "node"),
    vitestPart("js", "vitest: components with React 18", "react18"),
    vitestPart("js", "vitest: the Svelte binding", "svelte"),
    vitestPart("host", "vitest: the local host", "host"),
    vitestPart("matrix", "vitest: the plugin matrix", "matrix"),
    vitestPart("browser", "vitest: the example in Chromium", "browser", PAGES_AT_ONCE),
    vitestPart("package", "vitest: the packed package", "packaging"),
  ];
}
