/** What cargo made of the crates that are not ours, in the user's cache folder: a new clone compiles its own only. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheFolder } from "./lock.mjs";
import { answerOf, root } from "./process.mjs";

/** Where cargo keeps the units of a profile: what it knows of them, what build scripts made, and the compiled files. */
const UNITS = [".fingerprint", "build", "deps"];
const folder = join(cacheFolder, "crates");

/** Whether the target folder had nothing when this run began: in an older one is also what other versions left. */
let isFromNothing = false;

/** Puts what is kept for this lock file and compiler into a target folder that has nothing yet. */
export function restoreCrates(target) {
  const debug = join(target, "debug");
  if (existsSync(debug)) return;
  const kept = keptCrates();
  isFromNothing = !existsSync(kept);
  if (isFromNothing) return;
  const unfinished = join(target, `debug.${process.pid}`);
  try {
    // Cargo compares times: those of the copies are those of the files.
    cpSync(kept, unfinished, { recursive: true, preserveTimestamps: true });
    renameSync(unfinished, debug);
  } catch {
    // Another clone has put others in their place meanwhile.
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Keeps what is not of this workspace. A cache that cannot be written is no fault: the next clone compiles. */
export function keepCrates(target) {
  if (!isFromNothing) return;
  const kept = keptCrates();
  const unfinished = `${kept}.${process.pid}`;
  try {
    const ours = ownNames();
    for (const units of UNITS) {
      const from = join(target, "debug", units);
      for (const entry of readdirSync(from).filter((name) => !ours.has(unitOf(name))))
        cpSync(join(from, entry), join(unfinished, units, entry), {
          recursive: true,
          preserveTimestamps: true,
        });
    }
    rmSync(kept, { recursive: true, force: true });
    renameSync(unfinished, kept);
    for (const other of readdirSync(folder).filter((name) => name !== basename(kept)))
      rmSync(join(folder, other), { recursive: true, force: true });
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Of other versions, or compiled in another way, nothing is of use. */
function keptCrates() {
  const hash = createHash("sha256").update(answerOf("rustc", ["-vV"]) ?? "");
  for (const file of ["Cargo.toml", "Cargo.lock"]) hash.update(readFileSync(join(root, file)));
  for (const name of Object.keys(process.env).sort())
    if (/^(CARGO_(BUILD|ENCODED|PROFILE|TARGET_\w+_)|RUSTFLAGS)/.test(name))
      hash.update(`${name}=${process.env[name]}\0`);
  return join(folder, hash.digest("hex").slice(0, 16));
}

/** The crate of a file or folder that cargo named `libcrate_name-0123456789abcdef.rlib`, or like it. */
function unitOf(name) {
  return name
    .replace(/-[\da-f]{16}(\.|$).*/, "")
    .replace(/^lib/, "")
    .replaceAll("-", "_");
}

/** Packages and targets of the workspace, as they are in names of files. */
function ownNames() {
  const { packages } = JSON.parse(
    answerOf("cargo", ["metadata", "--no-deps", "--format-version", "1", "--offline"]),
  );
  const names = packages.flatMap(({ name, targets }) => [
    name,
    ...targets.map((each) => each.name),
  ]);
  return new Set(names.map((name) => name.replaceAll("-", "_")));
}
