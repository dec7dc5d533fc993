/** What cargo made of other people's crates is kept for the next clone; what it made of ours is not. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const HASH = "-0123456789abcdef";
const THEIRS = [
  `.fingerprint/serde_json${HASH}/lib-serde_json`,
  `build/libc${HASH}/output`,
  `deps/libserde_json${HASH}.rlib`,
  `deps/serde_json${HASH}.d`,
];
const OURS = [
  `.fingerprint/gate-core${HASH}/lib-gate_core`,
  `deps/libgate_core${HASH}.rlib`,
  `deps/planner${HASH}`,
  `deps/codegen${HASH}.d`,
];

it("gives a new target folder the crates of others, with their times", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cargo-cache-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const call = async (source: string): Promise<void> => {
    const module = pathToFileURL("scripts/lib/cargo-cache.mjs").href;
    const code = `import { restoreCrates, keepCrates } from "${module}"; ${source}`;
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
    const args = ["--input-type=module", "-e", code];
    await promisify(execFile)(process.execPath, args, { env });
  };
  const then = new Date(1_700_000_000_123);
  const fill = `
    import { cpSync } from "node:fs";
    restoreCrates(${JSON.stringify(first)});
    cpSync(${JSON.stringify(join(folder, "built"))}, ${JSON.stringify(first)}, { recursive: true, preserveTimestamps: true });
    keepCrates(${JSON.stringify(first)});`;
  for (const name of [...THEIRS, ...OURS]) {
    const file = join(folder, "built/debug", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, name);
    await utimes(file, then, then);
  }
  await call(fill);
  await mkdir(second);
  await call(`restoreCrates(${JSON.stringify(second)});`);
  const restored = await readdir(join(second, "debug"), { recursive: true, withFileTypes: true });
  const files = restored.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name).sort()).toEqual(
    THEIRS.map((name) => name.replace(/.*\//, "")).sort(),
  );
  const { mtimeMs } = await stat(join(second, "debug", THEIRS[2]!));
  expect(mtimeMs).toBeCloseTo(then.getTime(), 2);
  // What a folder has already is left alone.
  await rm(join(second, "debug/deps"), { recursive: true });
  await call(`restoreCrates(${JSON.stringify(second)});`);
  expect(await readdir(join(second, "debug"))).not.toContain("deps");
});
