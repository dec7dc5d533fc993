/** Tells an export from another and from a later one of the same name, without reading it to the end. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { GateError } from "../../errors/index.js";

/**
 * A text that changes with a file: its size and time of change; of a folder those of all files in it, at whatever depth.
 *
 * @throws GateError `IMPORT_FILE` if there is nothing at the path.
 */
export async function fingerprintOf(path: string): Promise<string> {
  try {
    const top = await stat(path);
    const names = top.isDirectory() ? (await readdir(path, { recursive: true })).sort() : [""];
    const hash = createHash("sha256");
    for (const name of names) {
      const one = await stat(join(path, name));
      if (one.isFile()) hash.update(`${name}\0${one.size}\0${Math.trunc(one.mtimeMs)}\n`);
    }
    return hash.digest("base64url").slice(0, 22);
  } catch (error) {
    throw noFile(path, error);
  }
}

/** What to throw for a path that cannot be read. */
export function noFile(path: string, cause: unknown): GateError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
  return new GateError("IMPORT_FILE", `${path} ${why}: give the path of the export with --file`, {
    cause,
  });
}
