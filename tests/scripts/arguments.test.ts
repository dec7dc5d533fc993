/** What a script does not know is refused before anything is built. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

interface Arguments {
  readonly testArguments: (args: string[], groups: string[]) => object;
  readonly demoArguments: (args: string[]) => string[];
  readonly benchArguments: (args: string[]) => object;
  readonly BENCH_PROGRAMS: Readonly<Record<string, { file: string; options: object }>>;
}

const load = async (): Promise<Arguments> =>
  (await import(pathToFileURL("scripts/lib/arguments.mjs").href)) as Arguments;

/** How a script ended and what it printed. One that goes on to build is stopped: it has no code. */
function ended(script: string, ...args: string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [`scripts/${script}.mjs`, ...args],
      { timeout: 30_000 },
      (error, stdout, stderr) => {
        done({ code: error ? error.code : 0, output: stdout + stderr });
      },
    );
  });
}

const GROUPS = "build, bytes, rust, types, js, host, matrix, browser, package";
const EXAMPLES = "nextjs, react, sveltekit, tanstack-start";

describe("wrong usage", () => {
  it.each([
    ["test", ["jss"], `no group is called jss: ${GROUPS}`],
    ["test", ["js", "--chnaged"], "Unknown option '--chnaged'"],
    ["demo", ["--chekc"], "Unknown option '--chekc'"],
    ["demo", ["check"], "Unexpected argument 'check'"],
    ["demo", ["--example"], "'--example <value>' argument missing"],
    ["demo", ["--example=vue"], `no example is called vue: ${EXAMPLES}`],
    ["bench", ["--qiuck"], "Unknown option '--qiuck'"],
    ["bench", ["--lane", "--rounds", "3"], "Unknown option '--rounds'"],
    ["bench", ["--lane", "--footprint"], "one at a time: --footprint, --lane"],
  ])("%s %j", async (script, args, message) => {
    const { code, output } = await ended(script, ...args);
    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining(message) });
    expect(output).toMatch(/^wrong usage: /);
  });
});

it.each([
  ["test", GROUPS],
  ["demo", EXAMPLES],
  ["bench", "--page-load"],
])("%s --help tells what it takes", async (script, named) => {
  expect(await ended(script, "--help")).toEqual({
    code: 0,
    output: expect.stringMatching(new RegExp(`^npm (test|run ${script}) [^]*${named}`)),
  });
});

it("what a script knows goes on as it was given", async () => {
  const { testArguments, demoArguments, benchArguments } = await load();
  const groups = ["build", "js", "host"];
  expect(testArguments([], groups)).toEqual({ groups: [], changed: undefined });
  expect(testArguments(["js", "host"], groups)).toMatchObject({ groups: ["js", "host"] });
  expect(testArguments(["--changed"], groups)).toMatchObject({ changed: "" });
  expect(testArguments(["--changed=main", "js"], groups)).toEqual({
    groups: ["js"],
    changed: "main",
  });
  const demo = ["--example", "nextjs", "--check"];
  expect(demoArguments(demo)).toEqual(demo);
  const sides = ["--backend", "a,b,c", "--backend", "d,e,f", "--peer", "g,h,i", "--push"];
  expect(benchArguments(sides)).toEqual({ file: "main.ts", args: sides });
  expect(benchArguments(["--quick", "--lane"])).toEqual({ file: "lane.ts", args: ["--quick"] });
});

it("the benchmark's programs read the options that are let through", async () => {
  const { BENCH_PROGRAMS } = await load();
  for (const { file, options } of Object.values(BENCH_PROGRAMS)) {
    const source = readFileSync(`tests/bench/${file}`, "utf8");
    const read = [...source.matchAll(/(\w+): \{ type: "(?:string|boolean)"/g)];
    const names = read.map(([, name]) => name).sort();
    expect([file, ...names]).toEqual([file, ...Object.keys(options).sort()]);
  }
});
