/** What is packed is built first, so that no old wasm can be published. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const generated = join(repository, "js/wasm/generated");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "convex-gate-prepack-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("`npm pack` packs nothing where it cannot build", async () => {
  const tree = join(folder, "tree");
  await cp(join(repository, "scripts"), join(tree, "scripts"), { recursive: true });
  await cp(join(repository, "package.json"), join(tree, "package.json"));
  await cp(generated, join(tree, "js/wasm/generated"), { recursive: true });
  // No cargo, so that nothing is built for this test, and what was built before is what would be packed.
  const programs = join(folder, "bin");
  await mkdir(programs);
  await symlink("/bin/sh", join(programs, "sh"));
  await symlink(process.execPath, join(programs, "node"));
  await symlink(join(dirname(process.execPath), "npm"), join(programs, "npm"));
  const pack = (...options: string[]) =>
    run(join(programs, "npm"), ["pack", "--dry-run", "--json", ...options], {
      cwd: tree,
      env: { PATH: programs, HOME: folder, npm_config_update_notifier: "false" },
    });

  await expect(pack()).rejects.toMatchObject({
    stderr: expect.stringContaining("cargo is needed to build the Rust crates") as string,
  });
  expect((await pack("--ignore-scripts")).stdout).toContain("core-bytes.js");
});

it.each(["core", "jwt", "password", "foreign"])(
  "the %s module is built anew unless all of it is as it was built",
  async (name) => {
    const { isCurrent } = (await import(
      pathToFileURL(join(repository, "scripts/lib/wasm-outputs.mjs")).href
    )) as { isCurrent(name: string, hash: string, folder: string): boolean };
    const copy = join(folder, "generated");
    await cp(generated, copy, { recursive: true });
    const [inputs = ""] = (await readFile(join(copy, `${name}.stamp`), "utf8")).split("\n");

    expect(isCurrent(name, inputs, copy)).toBe(true);
    expect(isCurrent(name, inputs.replace(/^./, "x"), copy)).toBe(false);
    for (const suffix of ["-bytes.js", "-bytes.d.ts", "-glue.js", "-glue.d.ts"]) {
      const file = join(copy, name + suffix);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace("export", "export "));
      expect(isCurrent(name, inputs, copy), suffix).toBe(false);
      await rm(file);
      expect(isCurrent(name, inputs, copy), suffix).toBe(false);
      await writeFile(file, text);
    }
    expect(isCurrent(name, inputs, copy)).toBe(true);
  },
);
