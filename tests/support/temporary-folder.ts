/** The system's folder for temporary files, as tests and the programs that they start find it: one of the run, gone at its end. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Vitest calls it before its workers begin, which inherit the variable, and calls the result when they have ended. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "convex-gate-tests-"));
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  return async () => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
