/** Arguments of the scripts: what none of them knows is refused before anything is built, and `--help` is answered. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, WrongUsage } from "./process.mjs";

const text = { type: "string" };
const flag = { type: "boolean" };

const TEST_USAGE = `npm test [-- GROUP…] [--changed[=COMMIT]]

  GROUP               runs these alone, after the build: `;

const DEMO_USAGE = `npm run demo [-- --example NAME] [--check]

  --example NAME      `;

const BENCH_USAGE = `npm run bench [-- PROGRAM] [OPTIONS]

  without a program   ours and the peer side by side: --quick, --json FILE, --svg FILE, --apps,
                      --backend URL,SITE,KEY --peer URL,SITE,KEY [--push]
  --first-call        the component's part of the first getAuthUser after a deployment
  --footprint         what an app weighs on both sides
  --lane              the fast lane against the full way: --quick
  --page-load         the time to the first protected data: --rounds N, --latency MS, --before FOLDER
  docs/benchmark.md   says what they do`;

/** The programs of the benchmark below `tests/bench`, by the flag that asks for each, and the options that they read. */
export const BENCH_PROGRAMS = {
  "": {
    file: "main.ts",
    options: {
      json: text,
      svg: text,
      quick: flag,
      backend: { ...text, multiple: true },
      peer: text,
      push: flag,
      apps: flag,
    },
  },
  "--first-call": { file: "first-call.ts", options: {} },
  "--footprint": { file: "footprint/footprint.ts", options: {} },
  "--lane": { file: "lane.ts", options: { quick: flag } },
  "--page-load": {
    file: "page-load/page-load.ts",
    options: { rounds: text, latency: text, before: text },
  },
};

/** What `npm test` was asked for; `changed` is an empty text where no commit is named. undefined after `--help`. */
export function testArguments(args, groups) {
  const named = args.map((arg) => (arg === "--changed" ? "--changed=" : arg));
  const usage = `${TEST_USAGE}${groups.join(", ")}
  --changed[=COMMIT]  only what can be affected by what differs from there (the branch's beginning)`;
  const read = readArguments(named, usage, { changed: text }, true);
  if (read === undefined) return undefined;
  const unknown = read.positionals.filter((name) => !groups.includes(name));
  if (unknown.length > 0)
    throw new WrongUsage(`no group is called ${unknown.join(", ")}: ${groups.join(", ")}`);
  return { groups: read.positionals, changed: read.values.changed };
}

/** What the demo is started with, as it was given; undefined after `--help`. */
export function demoArguments(args) {
  const examples = readdirSync(join(root, "examples")).filter((name) =>
    existsSync(join(root, "examples", name, "package.json")),
  );
  const usage = `${DEMO_USAGE}${examples.join(", ")} (react without it)
  --check             drives the flow through it without a browser, and ends`;
  const read = readArguments(args, usage, { check: flag, example: text });
  if (read === undefined) return undefined;
  const { example = "react" } = read.values;
  if (!examples.includes(example))
    throw new WrongUsage(`no example is called ${example}: ${examples.join(", ")}`);
  return args;
}

/** The program of the benchmark, below `tests/bench`, and its arguments; undefined after `--help`. */
export function benchArguments(args) {
  const chosen = Object.keys(BENCH_PROGRAMS).filter((name) => args.includes(name));
  if (chosen.length > 1) throw new WrongUsage(`one at a time: ${chosen.join(", ")}`);
  const [name = ""] = chosen;
  const { file, options } = BENCH_PROGRAMS[name];
  const own = args.filter((arg) => arg !== name);
  return readArguments(own, BENCH_USAGE, options) && { file, args: own };
}

function readArguments(args, usage, options, allowPositionals = false) {
  const read = parsed({ args, options: { ...options, help: flag }, allowPositionals }, usage);
  if (!read.values.help) return read;
  console.log(usage);
  return undefined;
}

function parsed(config, usage) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new WrongUsage(`${error.message}\n\n${usage}`);
  }
}
