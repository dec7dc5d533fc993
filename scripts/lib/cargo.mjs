/** The workspace as cargo checks and tests it. */
import { join } from "node:path";
import { keepUnits, restoreUnits } from "./cargo-cache.mjs";
import { root, spawned } from "./process.mjs";

const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/**
 * Every crate with one set of features, also of those that only the code generator has: with another set, or for one
 * package alone, cargo would compile most of it a second time.
 */
const WORKSPACE = ["--workspace", "--features", "gate-testkit/codegen"];

/** What is built once from nothing has no use for what the next build would begin from. */
const ENV = process.env.CI ? { CARGO_INCREMENTAL: "0" } : {};

/** `cargo COMMAND` for the whole workspace. Gives the exit code and what was printed. */
export function cargoWorkspace(command, ...args) {
  restoreUnits(target);
  return spawned("cargo", [command, ...WORKSPACE, ...args], { env: ENV });
}

/** Clippy on every target. What it finds follows from the sources, its settings and its version. */
export function lintRust() {
  return cargoWorkspace("clippy", "-q", "--all-targets", "--", "-D", "warnings");
}

/** Compares the files that are written from Rust with what would be written now. The tests' build made the program. */
export async function checkGeneratedFiles() {
  const built = await cargoWorkspace("test", "-q", "--no-run");
  if (built.code !== 0) return built;
  keepUnits(target);
  return spawned(join(target, "debug/codegen"), ["--check"]);
}
