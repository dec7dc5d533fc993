/** Runs parts of `npm test`, some groups beside others, and prints what came of each when it has ended. */
import { measured } from "./processor-time.mjs";

/**
 * After the build all rows run at once, each part by part. Browsers and sockets wait for most of their time and have tests
 * whose patience ends, so that they come first whenever they want to go on. The other tests use what these leave, and checks
 * what both leave: two processors have something to do from the beginning of a run to its end.
 */
const ROWS = [
  { groups: ["host", "browser", "package"], niceness: 0 },
  { groups: ["js"], niceness: 5 },
  { groups: ["rust"], niceness: 15 },
  { groups: ["types"], niceness: 15 },
  { groups: ["bytes"], niceness: 15 },
];

/** Runs the parts and gives the sum of their outcomes, and of each part how long it took. */
export async function runParts(parts) {
  const ofGroup = (name) => parts.filter(({ group }) => group === name);
  const homeless = parts.find(
    ({ group }) => !["build", ...ROWS.flatMap((row) => row.groups)].includes(group),
  );
  if (homeless) throw new Error(`nothing runs the group ${homeless.group}`);
  const ended = await inTurn(ofGroup("build"));
  const rows = ROWS.map(({ groups, niceness }) => inTurn(groups.flatMap(ofGroup), { niceness }));
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
