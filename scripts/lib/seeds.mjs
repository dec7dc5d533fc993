/** The seeds from which a generated test once failed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./process.mjs";

/** Where they are, beside the files that proptest keeps by itself. */
export const seedsFile = "tests/vectors/seeds/fuzz.json";
const path = join(root, seedsFile);

/** Every kept seed: the part of `npm run fuzz` and the number. */
export function keptSeeds() {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

/** Adds a seed, once. */
export function keep({ part, seed }) {
  const kept = keptSeeds();
  if (kept.some((each) => each.part === part && each.seed === seed)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify([...kept, { part, seed }], null, 2)}\n`);
}

/** The files of proptest's own seeds, each with the time of its last change. */
export function regressionFiles() {
  return readdirSync(join(root, "crates"), { recursive: true })
    .filter((file) => file.endsWith(".regressions"))
    .map((file) => `crates/${file} of ${statSync(join(root, "crates", file)).mtime.toISOString()}`);
}
