/** What passed in one clone is not looked at again in another, and whatever differs is. */
import { execFile } from "node:child_process";
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-checks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function clone(name: string): Promise<string> {
  const root = join(folder, name);
  await cp("scripts/lib", join(root, "scripts/lib"), { recursive: true });
  for (const file of [".prettierrc.json", "package-lock.json"])
    await copyFile(file, join(root, file));
  await symlink(resolve("node_modules"), join(root, "node_modules"));
  await writeFile(join(root, ".prettierignore"), "scripts/\npackage-lock.json\ntarget/\n");
  await writeFile(join(root, ".gitignore"), "target/\n");
  await writeFile(join(root, "good.ts"), "export const good = 1;\n");
  await writeFile(join(root, "other.ts"), "export const other = 2;\n");
  await promisify(execFile)("git", ["init", "-q"], { cwd: root });
  return root;
}

/** What a module of a clone gives for an expression, as JSON. */
async function answer<T>(root: string, module: string, expression: string): Promise<T> {
  const code = `const lib = await import("${pathToFileURL(join(root, "scripts/lib", module)).href}");
    process.stdout.write(JSON.stringify(await (${expression})));`;
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" };
  const args = ["--input-type=module", "-e", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as T;
}

it("looks in a new clone only at files that have not passed in another, with these settings", async () => {
  const looked = (root: string, code = 0): Promise<string[]> =>
    answer(
      root,
      "known-files.mjs",
      `(async () => {
        let asked = [];
        const files = lib.repositoryFiles().filter((file) => file.endsWith(".ts"));
        await lib.checkUnknown("check", files, [".prettierrc.json"], async (unknown) => ((asked = unknown), { code: ${code} }));
        return asked;
      })()`,
    );
  const both = ["good.ts", "other.ts"];
  expect(await looked(await clone("first"), 1)).toEqual(both);
  expect(await looked(await clone("second"))).toEqual(both);
  const third = await clone("third");
  expect(await looked(third)).toEqual([]);
  await writeFile(join(third, "other.ts"), "export const other = 3;\n");
  expect(await looked(third)).toEqual(["other.ts"]);
  // A name is part of what is looked at, and a setting counts for all.
  await rename(join(third, "good.ts"), join(third, "renamed.ts"));
  expect(await looked(third)).toEqual(["renamed.ts"]);
  await writeFile(join(third, ".prettierrc.json"), "{}");
  expect(await looked(third)).toEqual(["other.ts", "renamed.ts"]);
});

it("finds what is not well formatted among files that are", async () => {
  const format = (root: string): Promise<{ code: number; output: string }> =>
    answer(root, "checks.mjs", "lib.formatting()");
  expect(await format(await clone("first"))).toMatchObject({ code: 0 });
  const second = await clone("second");
  expect(await format(second)).toEqual({ code: 0, output: "" });
  await writeFile(join(second, "good.ts"), "export  const good = 1;\n");
  const { code, output } = await format(second);
  expect(code).toBe(1);
  expect(output).toContain("good.ts");
  expect(output).not.toContain("other.ts");
});

it("passes what passed with these very inputs, and nothing else", async () => {
  const root = await clone("first");
  const asked = (inputs: string[], failed: number): string => `(async () => {
    let calls = 0;
    const inputs = ${JSON.stringify(inputs)};
    const check = async () => (calls++, { passed: 1 - ${failed}, failed: ${failed} });
    const outcome = await lib.unlessPassed("check", () => inputs.length > 1 ? inputs.shift() : inputs[0], check);
    return { calls, failed: outcome.failed, notes: outcome.notes?.length ?? 0 };
  })()`;
  const check = (inputs: string[], failed = 0): Promise<unknown> =>
    answer(root, "verdicts.mjs", asked(inputs, failed));
  const looked = { calls: 1, failed: 0, notes: 0 };
  // What failed is looked at again, and so is what was another when the check had ended.
  expect(await check(["a"], 1)).toEqual({ ...looked, failed: 1 });
  expect(await check(["a", "b"])).toEqual(looked);
  expect(await check(["a"])).toEqual(looked);
  expect(await check(["b"])).toEqual(looked);
  expect(await check(["a"])).toEqual({ calls: 0, failed: 0, notes: 1 });
  // Whose inputs nobody can tell is always looked at.
  for (const _ of [1, 2]) expect(await check([])).toEqual(looked);
});

it("compiles the sources once for all clones that have the same, and again what differs", async () => {
  const sources = async (name: string): Promise<string> => {
    const root = await clone(name);
    for (const folder of ["js", "convex"]) await mkdir(join(root, folder));
    await writeFile(join(root, "js/a.ts"), "export const a: number = 1;\n");
    await writeFile(join(root, "package.json"), '{ "type": "module" }');
    await writeFile(join(root, "tsconfig.base.json"), "{}");
    const compilerOptions = { target: "es2015", lib: ["es5"], skipLibCheck: true, types: [] };
    await writeFile(
      join(root, "tsconfig.build.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, outDir: "dist", rootDir: "." },
        include: ["js", "convex"],
      }),
    );
    return root;
  };
  const compiled = async (root: string): Promise<[string, string]> => [
    await answer(root, "compiled.mjs", "lib.compileSources()"),
    await readFile(join(root, "dist/js/a.js"), "utf8"),
  ];
  const first = await sources("first");
  expect(await compiled(first)).toEqual(["compiled", "export const a = 1;\n"]);
  const second = await sources("second");
  await mkdir(join(second, "dist"));
  await writeFile(join(second, "dist/left.js"), "");
  expect(await compiled(second)).toEqual(["compiled before", "export const a = 1;\n"]);
  expect(await readdir(join(second, "dist"))).toEqual(["js"]);
  await writeFile(join(second, "js/a.ts"), "export const a: number = 2;\n");
  expect(await compiled(second)).toEqual(["compiled", "export const a = 2;\n"]);
  await writeFile(join(second, "tsconfig.base.json"), '{ "files": [] }');
  expect((await compiled(second))[0]).toBe("compiled");
  // What does not compile is not kept, nor anything where git does not say which files there are.
  await writeFile(join(second, "js/a.ts"), "export const a = ;\n");
  for (const _ of [1, 2]) await expect(compiled(second)).rejects.toThrow("TS1109");
  await rm(join(first, ".git"), { recursive: true });
  expect((await compiled(first))[0]).toBe("compiled");
});
