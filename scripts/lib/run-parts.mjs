/** Runs parts of `npm test`, some groups beside others, and prints what came of each when it has ended. */
import { measured } from "./processor-time.mjs";

/**
 * After the build, one after the other: these have limits of time in what they test, and all but the last keep two processors
 * busy. The host's many contexts cost more where V8's collector has to wait for its turn.
 */
const TESTS = ["js", "host", "matrix", "browser"];

/**
 * Each group in a row of its own beside all those tests, for what they leave of the processors: browsers wait for most of
 * their time, and between two parts one processor has nothing to do. Of these the package takes the longest by the clock.
 */
const ASIDE = [
  { group: "package", niceness: 10 },
  { group: "rust", niceness: 19 },
  { group: "types", niceness: 19 },
  { group: "bytes", niceness: 19 },
];

/** Runs the parts and gives the sum of their outcomes, and of each part how long it took. */
export async function runParts(parts) {
  const ofGroup = (name) => parts.filter(({ group }) => group === name);
  const homes = ["build", ...TESTS, ...ASIDE.map(({ group }) => group)];
  const homeless = parts.find(({ group }) => !homes.includes(group));
  if (homeless) throw new Error(`nothing runs the group ${homeless.group}`);
  const ended = await inTurn(ofGroup("build"));
  const rows = [
    inTurn(TESTS.flatMap(ofGroup)),
    ...ASIDE.map(({ group, niceness }) => inTurn(ofGroup(group), { niceness })),
  ];
  ended.push(...(await Promise.all(rows)).flat());
  return {
    passed: sumOf(ended, "passed"),
    failed: sumOf(ended, "failed"),
    skipped: ended.flatMap(({ outcome }) => outcome.skipped ?? []),
    times: ended.map(({ part: { name }, outcome: { files = [] }, clock, processor }) => ({
      name,
      clock,
      processor,
      files,
    })),
  };
}

function sumOf(ended, count) {
  return ended.reduce((sum, { outcome }) => sum + outcome[count], 0);
}

/** Starts each part when the one before it has ended. Never rejects. */
async function inTurn(parts, how) {
  const ended = [];
  for (const part of parts) {
    const work = () =>
      part.run(part).catch((error) => ({ passed: 0, failed: 1, output: String(error.stack) }));
    const { outcome, clock, processor } = await measured(work, how);
    print(part, outcome, clock);
    ended.push({ part, outcome, clock, processor });
  }
  return ended;
}

function print({ name }, { passed, failed, output, notes = [] }, seconds) {
  const mark = failed === 0 ? "✓" : "✗";
  console.log(`  ${mark} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`);
  if (failed > 0) console.log(output.replace(/^/gm, "      "));
  for (const note of notes) console.log(`      ${note}`);
}
