/**
 * `npm run fuzz [-- --seconds N] [--seed N] [--only PART] [--replay]`: the generated tests again and again, each round from
 * a seed of its own, until the time is up (120 seconds). Seeds that failed are kept and tried first. See docs/testing.md.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm } from "./lib/build.mjs";
import { fuzzParts } from "./lib/fuzz-parts.mjs";
import { main } from "./lib/main.mjs";
import { Missing } from "./lib/process.mjs";
import { keep, keptSeeds, regressionFiles, seedsFile } from "./lib/seeds.mjs";

const FIRST_SEED_LIMIT = 2 ** 31;

function options() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: { seconds: text, seed: text, only: text, replay: { type: "boolean" } },
  });
  const number = (name, otherwise) => {
    const given = Number(values[name] ?? otherwise);
    if (Number.isInteger(given) && given > 0) return given;
    throw new Missing(`--${name} must be a whole number above 0`);
  };
  const chosen = fuzzParts().filter(({ name }) => !values.only || name === values.only);
  if (chosen.length === 0) {
    const names = fuzzParts().map(({ name }) => name);
    throw new Missing(`no part is called ${values.only}: ${names.join(", ")}`);
  }
  return {
    parts: chosen,
    seconds: values.replay ? 0 : number("seconds", 120),
    seed: number("seed", randomInt(1, FIRST_SEED_LIMIT)),
  };
}

/** Runs one part from one seed; prints what came of it, keeps the seed if it failed, and gives the cases that ran. */
async function round(part, seed) {
  const startedAt = performance.now();
  const { code, output } = await part.run(seed);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const cases = [...output.matchAll(/(?:^|\s)generated: (\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  const many = part.each ? `${part.each} cases of each property` : `${cases} cases`;
  console.log(`  ${code === 0 ? "✓" : "✗"} ${part.name}, seed ${seed}: ${many} (${seconds} s)`);
  if (code === 0) return { cases, failed: 0 };
  console.log(output.split("\n").slice(-60).join("\n").replace(/^/gm, "      "));
  console.log(`      again: npm run fuzz -- --only ${part.name} --seed ${seed} --seconds 1`);
  keep({ part: part.name, seed });
  return { cases, failed: 1 };
}

await main(async () => {
  const { parts, seconds, seed } = options();
  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  const sum = new Map(parts.map(({ name }) => [name, { rounds: 0, cases: 0, failed: 0 }]));
  const take = async (part, from) => {
    const { cases, failed } = await round(part, from);
    const total = sum.get(part.name);
    total.rounds += 1;
    total.cases += cases;
    total.failed += failed;
  };
  const regressions = regressionFiles();

  console.log("kept seeds");
  for (const kept of keptSeeds()) {
    const part = parts.find(({ name }) => name === kept.part);
    if (part) await take(part, kept.seed);
  }
  console.log("new seeds");
  const until = performance.now() + seconds * 1000;
  for (let turn = 0; seconds > 0 && (turn === 0 || performance.now() < until); turn += 1) {
    for (const part of parts) {
      // Every part has one round at least.
      if (turn === 0 || performance.now() < until)
        await take(part, (seed + turn) % FIRST_SEED_LIMIT);
    }
  }

  const all = [...sum.values()];
  const failures = all.reduce((total, { failed }) => total + failed, 0);
  for (const [name, { rounds, cases }] of sum) {
    console.log(`${name}: ${cases} cases in ${rounds} rounds`);
  }
  const changed = regressionFiles().filter((file) => !regressions.includes(file));
  if (failures > 0) console.log(`keep with the fix: ${[seedsFile, ...changed].join(", ")}`);
  const cases = all.reduce((total, each) => total + each.cases, 0);
  console.log(`\n${cases} generated cases, ${failures} failed rounds`);
  if (failures > 0) process.exitCode = 1;
});
