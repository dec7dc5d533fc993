/** Files that several test files of one run need: each is made once. */
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const kept = fileURLToPath(new URL("../output/once", import.meta.url));

/**
 * The path of a file that `make` writes to the path which it is given. It is kept for the run that vitest's configuration
 * names in `TEST_RUN`, and made anew by the next; without a run whoever asks gets one of their own.
 */
export async function onceARun(
  name: string,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const run = process.env["TEST_RUN"];
  const folder =
    run === undefined ? await mkdtemp(join(tmpdir(), "convex-gate-")) : join(kept, run);
  const file = join(folder, name);
  if (await isThere(file)) return file;
  await mkdir(dirname(file), { recursive: true });
  // Two workers may make the same at once: a file that is there is whole.
  const unfinished = await mkdtemp(`${file}.`);
  await make(join(unfinished, "file"));
  await rename(join(unfinished, "file"), file);
  await rm(unfinished, { recursive: true });
  return file;
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
