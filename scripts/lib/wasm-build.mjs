/** From a crate to an ES module that carries the wasm: wasm-pack, wasm-opt, then inlining. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { withCloneLock } from "./lock.mjs";
import { answerOf, root, run } from "./process.mjs";
import { keepWasm, restoredWasm } from "./wasm-cache.mjs";
import { generatedFolder, isCurrent, outputs, outputsHash } from "./wasm-outputs.mjs";
import { cargoPrograms } from "./wasm-toolchain.mjs";

/**
 * What the component runs, what the app's side runs, and what it loads where it hashes a password or meets a foreign hash.
 * `simd`: the module needs a runtime with 128-bit SIMD, and whoever loads it has asked for that.
 */
export const wasmModules = {
  core: { crate: "gate-wasm", sources: ["gate-wasm", "gate-core"] },
  jwt: { crate: "gate-jwt-wasm", sources: ["gate-jwt-wasm", "gate-jwt"] },
  password: {
    crate: "gate-password-wasm",
    sources: ["gate-password-wasm", "gate-password", "gate-one-call"],
    simd: true,
    rustflags: [
      // Whoever makes an instance gives it the memory, wipes it and uses it again: wasm never gives memory back.
      "-Clink-arg=--import-memory",
      // A loop that is entered once runs to its end in what V8's quick compiler made of it: the better code is there at the
      // next call. With the work in a function of its own the first hash takes 88 ms instead of 127.
      "-Cllvm-args=-inline-threshold=25 -locally-hot-callsite-threshold=25",
    ],
  },
  foreign: {
    crate: "gate-foreign-wasm",
    sources: ["gate-foreign-wasm", "gate-password", "gate-one-call"],
    rustflags: ["-Clink-arg=--import-memory"],
  },
};

// Named one by one: with all features on, wasm-opt uses some that V8 refuses.
const WASM_OPT = [
  // Functions with one caller stay functions unless they are tiny: inlined they make the whole a little smaller, but it
  // compresses worse, and a fresh context compiles only the functions that it calls.
  "--one-caller-inline-max-function-size=30",
  "-Oz",
  "--converge",
  "--strip-debug",
  "--strip-producers",
  "--enable-bulk-memory",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-multivalue",
];

/** Builds one module into `js/wasm/generated` unless what is there was built from these inputs. */
export async function buildWasm(name, wasmEnv) {
  const hash = inputsHash(name, wasmEnv);
  if (isCurrent(name, hash)) return "unchanged";
  return withCloneLock("wasm", async () => {
    if (isCurrent(name, hash)) return "unchanged, just built by another process";
    if (restoredWasm(name, hash)) return "built before, taken from the cache";
    const before = existsSync(outputs(name).bytes) ? builtWasm(name).length : undefined;
    const { wasm, glue, declarations } = await compileWasm(
      name,
      wasmEnv,
      join(root, "target/wasm"),
    );
    mkdirSync(generatedFolder, { recursive: true });
    const file = outputs(name);
    // Without a stamp until everything is written: a build that was interrupted is done again.
    rmSync(file.stamp, { force: true });
    writeFileSync(
      file.bytes,
      `/** The wasm, in base64. */\nexport const bytes = "${wasm.toString("base64")}";\n`,
    );
    writeFileSync(
      file.bytesTypes,
      "/** The wasm, in base64. */\nexport declare const bytes: string;\n",
    );
    writeFileSync(file.glue, glue);
    writeFileSync(file.glueTypes, declarations);
    writeFileSync(file.stamp, `${hash}\n${outputsHash(name)}`);
    keepWasm(name, hash);
    return `built, ${wasm.length} bytes${before === undefined ? "" : ` (${difference(wasm.length - before)})`}`;
  });
}

/** The wasm that the generated module carries. */
export function builtWasm(name) {
  const text = readFileSync(outputs(name).bytes, "utf8");
  return Buffer.from(/"([A-Za-z0-9+/=]+)"/.exec(text)?.[1] ?? "", "base64");
}

function difference(bytes) {
  if (bytes === 0) return "as large as before";
  return `${Math.abs(bytes)} ${bytes > 0 ? "more" : "fewer"} than before`;
}

/** The optimised wasm of a module and the JavaScript around it. */
export async function compileWasm(name, wasmEnv, targetFolder) {
  const { crate, simd = false, rustflags = [] } = wasmModules[name];
  const base = crate.replaceAll("-", "_");
  const output = join(targetFolder, "pkg", name);
  const { CONVEX_GATE_WASM_RUSTFLAGS: flags = "", ...env } = wasmEnv;
  // The bytes must not depend on where the clone or the user's cargo cache lies.
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const remap = [
    `--remap-path-prefix=${root}=.`,
    `--remap-path-prefix=${cargoHome}=cargo`,
    // Each file that can trap has its path in the wasm: the crate's name and the path in it are enough.
    ...readdirSync(join(root, "crates")).map(
      (name) => `--remap-path-prefix=crates/${name}/src=${name}`,
    ),
  ];
  await run(
    "wasm-pack",
    [
      "build",
      join(root, "crates", crate),
      "--target",
      "web",
      "--release",
      "--no-opt",
      "--mode",
      "no-install",
      "--out-dir",
      output,
    ],
    {
      env: {
        ...env,
        PATH: [env.PATH ?? process.env.PATH, cargoPrograms].join(":"),
        CARGO_TARGET_DIR: targetFolder,
        CARGO_ENCODED_RUSTFLAGS: [
          ...flags.split(" ").filter(Boolean),
          ...(simd ? ["-Ctarget-feature=+simd128"] : []),
          ...rustflags,
          ...remap,
        ].join("\u001f"),
      },
    },
  );
  const optimised = join(output, "optimised.wasm");
  const wasmOpt = join(root, "node_modules/.bin/wasm-opt");
  const options = simd ? [...WASM_OPT, "--enable-simd"] : WASM_OPT;
  await run(wasmOpt, [...options, join(output, `${base}_bg.wasm`), "-o", optimised]);
  const exported = readFileSync(join(output, `${base}.d.ts`), "utf8");
  return {
    wasm: readFileSync(optimised),
    glue: await factory(output, base, functionNames(exported)),
    declarations: gluetypes(exported),
  };
}

/**
 * wasm-bindgen's glue keeps its instance in module scope and does work when it is imported. Wrapped in a function it does
 * neither: each call gives glue with a state of its own, so that a trapped instance can simply be dropped.
 */
async function factory(folder, base, names) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: {
      contents: `export { initSync, ${names.join(", ")} } from "./${base}.js";`,
      resolveDir: folder,
    },
    bundle: true,
    format: "cjs",
    target: "es2022",
    write: false,
    // Belongs to the asynchronous start-up, which is never used.
    define: { "import.meta.url": '""' },
  });
  return `/** Glue for one instance, not instantiated yet. Made by wasm-bindgen. */\nexport function createGlue() {\nconst module = { exports: {} };\n${outputFiles[0].text}\nreturn module.exports;\n}\n`;
}

/** The functions that a crate exports; `initSync` is the glue's own. */
const EXPORTED = /^export function (?!initSync\b)(\w+)(\(.*\)): (.*);$/gm;

function functionNames(declarations) {
  return [...declarations.matchAll(EXPORTED)].map(([, name]) => name);
}

function gluetypes(declarations) {
  const members = [...declarations.matchAll(EXPORTED)].map(
    ([, name, args, result]) => `  ${name}${args}: ${result};`,
  );
  return `/** What the wasm exports, once \`initSync\` has been called. */\nexport interface Glue {\n  initSync(input: { module: WebAssembly.Module; memory?: WebAssembly.Memory | undefined }): unknown;\n${members.join("\n")}\n}\n/** Glue for one instance, not instantiated yet. */\nexport declare function createGlue(): Glue;\n`;
}

/** Of everything that the bytes follow from: sources, locked dependencies, this script, and the programs' versions. */
function inputsHash(name, wasmEnv) {
  const hash = createHash("sha256");
  const rustc = answerOf(wasmEnv.RUSTC ?? "rustc", ["--version"]) ?? "";
  const packages = [packageVersion("binaryen"), packageVersion("esbuild")];
  hash.update([rustc, ...packages, wasmEnv.CONVEX_GATE_WASM_RUSTFLAGS ?? ""].join("\0"));
  const files = ["Cargo.toml", "Cargo.lock", "scripts/lib/wasm-build.mjs"];
  for (const crate of wasmModules[name].sources) files.push(...sourcesBelow(join("crates", crate)));
  for (const file of files.sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function packageVersion(name) {
  const manifest = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  return JSON.parse(manifest).version;
}

function sourcesBelow(folder) {
  return readdirSync(join(root, folder)).flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(join(root, path)).isDirectory())
      return entry === "tests" ? [] : sourcesBelow(path);
    return /\.(rs|toml)$/.test(entry) ? [path] : [];
  });
}
