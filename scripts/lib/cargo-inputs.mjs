/** What decides what cargo makes: hashes that name what is kept of it. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, root } from "./process.mjs";

/** Of other versions, or compiled in another way, nothing is of use. */
export function crateInputs() {
  return hashOf(["Cargo.toml", "Cargo.lock"]).digest("hex").slice(0, 16);
}

/** Of every file of the workspace as well, and of whether cargo compiles it so that it can go on from there. */
export function workspaceInputs() {
  const files = ["Cargo.toml", "Cargo.lock", "clippy.toml", ".cargo/config.toml"];
  const entries = readdirSync(join(root, "crates"), { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const hash = hashOf([...files, ...sources.sort()]);
  return hash
    .update(`${process.env.CI ?? ""}\0${process.env.CARGO_INCREMENTAL ?? ""}`)
    .digest("hex")
    .slice(0, 16);
}

/** Of the compiler, the settings in the environment, and the files by their names. */
function hashOf(files) {
  const hash = createHash("sha256").update(answerOf("rustc", ["-vV"]) ?? "");
  for (const name of Object.keys(process.env).sort())
    if (/^(CARGO_(BUILD|ENCODED|PROFILE|TARGET_\w+_)|RUSTFLAGS)/.test(name))
      hash.update(`${name}=${process.env[name]}\0`);
  for (const file of files)
    hash
      .update(`\0${file}\0`)
      .update(existsSync(join(root, file)) ? readFileSync(join(root, file)) : "");
  return hash;
}
