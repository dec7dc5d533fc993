/** The files of a built wasm module, and whether they are those of given inputs. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./process.mjs";

export const generatedFolder = join(root, "js/wasm/generated");

/** Where the files of a module are; the stamp says what they were built from. */
export function outputs(name, folder = generatedFolder) {
  const at = (suffix) => join(folder, `${name}${suffix}`);
  return {
    bytes: at("-bytes.js"),
    bytesTypes: at("-bytes.d.ts"),
    glue: at("-glue.js"),
    glueTypes: at("-glue.d.ts"),
    stamp: at(".stamp"),
  };
}

/** Whether all files of a module are those that were built from inputs of this hash. */
export function isCurrent(name, hash, folder = generatedFolder) {
  const files = outputs(name, folder);
  return (
    Object.values(files).every((file) => existsSync(file)) &&
    readFileSync(files.stamp, "utf8") === `${hash}\n${outputsHash(name, folder)}`
  );
}

/** What the bytes of the core were built from, and what they are: the same again need not be built again. */
export function reproducedInputs() {
  const stamp = readFileSync(outputs("core").stamp, "utf8");
  return createHash("sha256")
    .update(`${stamp}\0${outputsHash("core")}`)
    .digest("hex");
}

/** Of all files but the stamp. */
export function outputsHash(name, folder) {
  const { stamp: _stamp, ...files } = outputs(name, folder);
  const hash = createHash("sha256");
  for (const file of Object.values(files)) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
