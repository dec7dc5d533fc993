/**
 * A Rust toolchain that can build for wasm32-unknown-unknown, found or made in one of three ways: the active one has the
 * standard library already, rustup can add it, or Debian's compiler builds it from Debian's sources.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { cacheFolder, withLock } from "./lock.mjs";
import { answerOf, Missing, run, which } from "./process.mjs";
import { installSystemPackages } from "./system-packages.mjs";

const TARGET = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const SYSTEM_PROGRAMS = "/usr/bin";

/** @typedef {{ env: Record<string, string>, description: string }} WasmToolchain */

/** Finds or makes the toolchain. `env` is what a wasm build has to run with. */
export async function ensureWasmToolchain() {
  if (hasStd("rustc")) return { env: {}, description: "the active toolchain has std for wasm32" };
  const rustup = which("rustup");
  if (rustup && (await rustupAddsTarget())) return { env: {}, description: "added by rustup" };
  return withLock("wasm-std", debianToolchain);
}

function hasStd(rustc) {
  const folder = answerOf(rustc, ["--print", "target-libdir", "--target", TARGET]);
  return folder !== undefined && hasStdIn(folder);
}

function hasStdIn(folder) {
  return existsSync(folder) && readdirSync(folder).some((file) => /^libstd-.*\.rlib$/.test(file));
}

async function rustupAddsTarget() {
  try {
    await run("rustup", ["target", "add", TARGET]);
    return hasStd("rustc");
  } catch {
    return false;
  }
}

async function debianToolchain() {
  const failed = (why) =>
    new Missing(
      `no Rust standard library for ${TARGET} could be had. One of these is needed:\n` +
        `  1. a toolchain that includes it,\n  2. rustup target add ${TARGET},\n` +
        `  3. Debian's ${DEBIAN_PACKAGES.join(", ")} (${why})`,
    );
  try {
    await installSystemPackages(DEBIAN_PACKAGES, "building WebAssembly");
  } catch (error) {
    throw failed(error.message.split("\n")[0]);
  }
  const rustc = join(SYSTEM_PROGRAMS, "rustc");
  const version = answerOf(rustc, ["--version"])?.split(" ")[1];
  if (version === undefined) throw failed("its rustc does not run");
  const env = {
    RUSTC: rustc,
    CARGO: join(SYSTEM_PROGRAMS, "cargo"),
    PATH: [SYSTEM_PROGRAMS, process.env.PATH].join(delimiter),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "wasm-ld-22",
  };
  // A private sysroot: the compiler's own plus our std, so that nothing of the system is written to.
  const sysroot = join(cacheFolder, `rust-${version}-${TARGET}`);
  const libraries = join(sysroot, "lib", "rustlib", TARGET, "lib");
  const flags = `--sysroot=${sysroot}`;
  if (!hasStdIn(libraries)) await buildStd(env, libraries);
  return {
    env: { ...env, CONVEX_GATE_WASM_RUSTFLAGS: flags },
    description: `Debian's rustc ${version}, std built from its sources`,
  };
}

/** Builds std once with bitcode embedded, without which fat LTO fails later. */
async function buildStd(env, libraries) {
  const crate = mkdtempSync(join(tmpdir(), "convex-gate-std-"));
  try {
    mkdirSync(join(crate, "src"));
    writeFileSync(join(crate, "src/lib.rs"), "");
    writeFileSync(
      join(crate, "Cargo.toml"),
      '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[profile.release]\nopt-level = "s"\nlto = true\npanic = "abort"\ncodegen-units = 1\n',
    );
    await run(
      env.CARGO,
      ["build", "--release", "--target", TARGET, "-Z", "build-std=std,panic_abort"],
      {
        cwd: crate,
        env: { ...env, RUSTC_BOOTSTRAP: "1", RUSTFLAGS: "-Cembed-bitcode=yes" },
      },
    );
    const built = join(crate, "target", TARGET, "release", "deps");
    const partial = `${libraries}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    for (const file of readdirSync(built)) {
      if (file.endsWith(".rlib") && !file.startsWith("libempty-"))
        copyFileSync(join(built, file), join(partial, file));
    }
    rmSync(libraries, { recursive: true, force: true });
    mkdirSync(dirname(libraries), { recursive: true });
    await run("mv", [partial, libraries]);
  } finally {
    rmSync(crate, { recursive: true, force: true });
  }
}

/** Where `cargo install` puts programs. */
export const cargoPrograms = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");

/**
 * Installs Rust programs with cargo unless they are there in the wanted versions. They run for a second: to compile them
 * without optimisation takes a third of the time, and what they have in common is compiled once.
 */
export async function ensureCargoPrograms(wanted) {
  const named = () =>
    wanted.map(({ program }) => `${program} ${installedVersion(program)}`).join(", ");
  if (wanted.every(isInstalled)) return `${named()} present`;
  return withLock("cargo-programs", async () => {
    const compiled = mkdtempSync(join(tmpdir(), "convex-gate-programs-"));
    const env = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "0", CARGO_TARGET_DIR: compiled };
    try {
      for (const each of wanted) if (!isInstalled(each)) await install(each, env);
    } finally {
      rmSync(compiled, { recursive: true, force: true });
    }
    return `${named()} installed`;
  });
}

async function install({ crate, program, version }, env) {
  // Without --locked: a dependency that the lock file names is not always to be had.
  const chosen = version === undefined ? crate : `${crate}@${version}`;
  await run("cargo", ["install", chosen], { env });
  if (!isInstalled({ program, version }))
    throw new Missing(`cargo install ${chosen} did not give ${program} ${version ?? ""}`);
}

function isInstalled({ program, version }) {
  const installed = installedVersion(program);
  return version === undefined ? installed !== undefined : installed === version;
}

function installedVersion(program) {
  const path = join(cargoPrograms, program);
  return answerOf(existsSync(path) ? path : program, ["--version"])?.split(" ")[1];
}
