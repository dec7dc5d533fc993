/** What `npm run fuzz` runs in a round. Each part prints `generated: N` for the cases of each of its properties. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, spawned } from "./process.mjs";

/** For each property of a crate in a round. Rounds are short, so that every part has its turn in a few minutes. */
const CASES = "4000";
/** The tests of a package, or those of its modules `only`. */
const cargo = (args, only, env) =>
  spawned("cargo", ["test", "--no-fail-fast", ...args, "--", "--nocapture", ...only], { env });
const proptest =
  (args, only = []) =>
  (seed) =>
    cargo(args, only, {
      PROPTEST_RNG_SEED: String(seed),
      PROPTEST_CASES: CASES,
      GATE_CASES: "24000",
    });

const CORE = ["-p", "gate-core", "--test", "it"];

/** Every part: its name, and how it is run from a seed. */
export function fuzzParts() {
  return [
    {
      name: "core",
      run: proptest(CORE, ["planned::", "sequences::", "values::", "entries::"]),
    },
    { name: "boundary", run: proptest(["-p", "gate-wasm", "--test", "boundary"]) },
    // This crate has no test kit that would count.
    { name: "jwt", each: Number(CASES), run: proptest(["-p", "gate-jwt"]) },
    {
      name: "interleavings",
      run: (seed) =>
        cargo(CORE, ["concurrency::"], {
          PROPTEST_RNG_SEED: String(seed),
          // Neighbouring rounds must not look at the same orders again.
          GATE_SEED: String(seed * 100_000),
          GATE_INTERLEAVINGS: "3000",
        }),
    },
    {
      name: "js",
      run: (seed) =>
        spawned(
          process.execPath,
          [
            join(root, "node_modules/vitest/vitest.mjs"),
            ...["run", "--project", "node", "--disable-console-intercept", ...generatedTests()],
          ],
          { env: { GENERATED_SEED: String(seed), NO_COLOR: "1" } },
        ),
    },
  ];
}

/** The test files that generate their cases. */
function generatedTests() {
  return readdirSync(join(root, "tests"), { recursive: true })
    .filter((file) => /\.test\.tsx?$/.test(file) && !/^output|node_modules/.test(file))
    .map((file) => join("tests", file))
    .filter((file) => /from "fast-check"/.test(readFileSync(join(root, file), "utf8")));
}
