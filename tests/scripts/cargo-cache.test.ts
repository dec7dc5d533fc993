/** What cargo made is kept for the next clone: of other people's crates, and of ours while their sources are the same. */
import { execFile } from "node:child_process";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";

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
  `deps/libgate_wasm.so`,
  `deps/it${HASH}`,
  `deps/codegen${HASH}.d`,
];
/** What these crates were compiled at, as the files say. */
const THEN = new Date(1_700_000_000_123);
/** All of the repository that the cache looks at. */
const LOOKED_AT = ["scripts/lib", "crates", ".cargo", "Cargo.toml", "Cargo.lock", "clippy.toml"];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cargo-cache-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of [...THEIRS, ...OURS]) {
    const file = join(folder, "built/debug", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, name);
    await utimes(file, THEN, THEN);
  }
});

async function clone(name: string): Promise<string> {
  const root = join(folder, name);
  for (const path of LOOKED_AT) await cp(path, join(root, path), { recursive: true });
  return root;
}

/** Calls the cache in a clone, which has a target folder then. */
async function call(root: string, source: string): Promise<void> {
  const module = pathToFileURL(join(root, "scripts/lib/cargo-cache.mjs")).href;
  const target = JSON.stringify(join(root, "target"));
  const code = `
    import { cpSync } from "node:fs";
    import { restoreUnits, keepUnits } from "${module}";
    const target = ${target};
    const build = () => cpSync(${JSON.stringify(join(folder, "built"))}, target, { recursive: true, preserveTimestamps: true });
    ${source}`;
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { env });
}

const FIRST_BUILD = "restoreUnits(target); build(); keepUnits(target);";

/** What a clone was given. */
async function given(root: string): Promise<string[]> {
  const debug = join(root, "target/debug");
  const entries = await readdir(debug, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((file) => relative(debug, join(file.parentPath, file.name))).sort();
}

it("gives another clone of the same sources everything: the crates of others with their times, ours as of now", async () => {
  await call(await clone("first"), FIRST_BUILD);
  const second = await clone("second");
  const before = Date.now();
  await call(second, "restoreUnits(target);");
  expect(await given(second)).toEqual([...THEIRS, ...OURS].sort());
  const timeOf = async (name: string): Promise<number> =>
    (await stat(join(second, "target/debug", name))).mtimeMs;
  expect(await timeOf(THEIRS[2]!)).toBeCloseTo(THEN.getTime(), 2);
  // Cargo must find none older than a source, and none older than one that it was made of.
  const times = new Set(await Promise.all(OURS.map(timeOf)));
  expect(times.size).toBe(1);
  expect([...times][0]).toBeGreaterThanOrEqual(before);
  // What a folder has already is left alone.
  await rm(join(second, "target/debug/deps"), { recursive: true });
  await call(second, "restoreUnits(target);");
  expect(await readdir(join(second, "target/debug"))).not.toContain("deps");
});

it("has another name for ours when any file is another that they are made of or checked by", async () => {
  const root = await clone("first");
  const files = [
    "crates/gate-core/src/lib.rs",
    "crates/gate-core/tests/it/snapshots/it__plans__plans_are_as_they_were@core.json.snap",
    "crates/gate-core/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "clippy.toml",
  ];
  const names = `import { appendFileSync } from "node:fs";
    import { workspaceInputs } from "${pathToFileURL(join(root, "scripts/lib/cargo-inputs.mjs")).href}";
    const names = new Set([workspaceInputs()]);
    for (const file of ${JSON.stringify(files)}) {
      appendFileSync(${JSON.stringify(`${root}/`)} + file, "\\n");
      names.add(workspaceInputs());
    }
    process.stdout.write(String(names.size));`;
  const args = ["--input-type=module", "-e", names];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe(String(files.length + 1));
});

it("keeps ours as compiled by hand beside those of CI, and forgets what is older", async () => {
  const first = await clone("first");
  const kept = async (): Promise<string[]> => readdir(join(folder, "cache/convex-gate/workspace"));
  const build = async (ci: string): Promise<void> => {
    await rm(join(first, "target"), { recursive: true, force: true });
    await call(first, `process.env.CI = "${ci}"; ${FIRST_BUILD}`);
  };
  await build("");
  const [byHand] = await kept();
  await build("1");
  expect(await kept()).toHaveLength(2);
  expect(await kept()).toContain(byHand);
  await build("2");
  expect(await kept()).toHaveLength(2);
  expect(await kept()).not.toContain(byHand);
});

it("keeps nothing of ours when a source has changed meanwhile, and gives nothing to other sources", async () => {
  const first = await clone("first");
  const edit = `import { appendFileSync } from "node:fs";
    restoreUnits(target);
    appendFileSync(${JSON.stringify(join(first, "crates/gate-core/src/lib.rs"))}, "\\n");
    build();
    keepUnits(target);`;
  await call(first, edit);
  expect(await readdir(join(folder, "cache/convex-gate"))).toEqual(["crates"]);
  await rm(join(first, "target"), { recursive: true });
  await call(first, FIRST_BUILD);
  expect(await readdir(join(folder, "cache/convex-gate"))).toEqual(["crates", "workspace"]);
  const second = await clone("second");
  await call(second, "restoreUnits(target);");
  expect(await given(second)).toEqual([...THEIRS].sort());
});

it("keeps what a later run has more of", async () => {
  await call(await clone("first"), FIRST_BUILD);
  const checked = `.fingerprint/gate-jwt${HASH}/lib-gate_jwt`;
  const more = `import { mkdirSync, writeFileSync } from "node:fs"; restoreUnits(target);
    mkdirSync(target + "/debug/${dirname(checked)}"); writeFileSync(target + "/debug/${checked}", ""); keepUnits(target);`;
  await call(await clone("second"), more);
  const third = await clone("third");
  await call(third, "restoreUnits(target);");
  expect(await given(third)).toEqual([...THEIRS, ...OURS, checked].sort());
});

// The names of what is kept are hashes of what is below `crates`, and what was compiled runs in other folders.
it("is right about what the crates are made of: no file from elsewhere, no folder of a clone", async () => {
  const files = await readdir("crates", { recursive: true, withFileTypes: true });
  const sources = files.filter(({ name }) => name.endsWith(".rs"));
  expect(sources.length).toBeGreaterThan(100);
  for (const { parentPath, name } of sources) {
    const text = await readFile(join(parentPath, name), "utf8");
    expect(text, name).not.toMatch(/env!\(\s*"CARGO_MANIFEST/);
    for (const [, path] of text.matchAll(
      /(?:include(?:_str|_bytes)?!\(\s*|#\[path\s*=\s*)([^)\]]*)/g,
    )) {
      const literal = /^"([^"]+)"/.exec(path!)?.[1] ?? expect.unreachable(`${name}: ${path}`);
      expect(relative(resolve("crates"), resolve(parentPath, literal)), name).not.toMatch(/^\.\./);
    }
  }
});
