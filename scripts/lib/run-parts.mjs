/** Runs parts of `npm test`, some groups beside others, and prints what came of each when it has ended. */
import { measured } from "./processor-time.mjs";

/**
 * After the build, one after the other: these keep two processors busy, have limits of time in what they test, and the host's
 * many contexts cost more where V8's collector has to wait for its turn.
 */
const FIRST = ["js", "host", "matrix"];

/** Then these at once: browsers wait for most of their time, and what installs and bundles the package uses what they leave. */
const ROWS = [
  { groups: ["browser"], niceness: 0 },
  { groups: ["package"], niceness: 5 },
];

/** Checks, each group in a row of its own beside all tests: two processors have something to do until a run ends. */
const ASIDE = { groups: ["rust", "types", "bytes"], niceness: 19 };

/** Runs the parts and gives the sum of their outcomes, and of each part how long it took. */
export async function runParts(parts) {
  const ofGroup = (name) => parts.filter(({ group }) => group === name);
  const rowOf = ({ groups, niceness }) => inTurn(groups.flatMap(ofGroup), { niceness });
  const homes = ["build", ...FIRST, ...ROWS.flatMap(({ groups }) => groups), ...ASIDE.groups];
  const homeless = parts.find(({ group }) => !homes.includes(group));
  if (homeless) throw new Error(`nothing runs the group ${homeless.group}`);
  const ended = await inTurn(ofGroup("build"));
  const tests = inTurn(FIRST.flatMap(ofGroup)).then(async (first) => [
    ...first,
    ...(await inRows(ROWS.map(rowOf))),
  ]);
  const aside = inRows(ASIDE.groups.map((name) => rowOf({ ...ASIDE, groups: [name] })));
  ended.push(...(await tests), ...(await aside));
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

async function inRows(rows) {
  return (await Promise.all(rows)).flat();
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
