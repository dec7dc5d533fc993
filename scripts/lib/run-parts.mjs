/** Runs parts of `npm test`, some groups beside others, and prints what came of each when it has ended. */
import { measured } from "./processor-time.mjs";

/**
 * After the build. Tests run one part after the other and have the machine to themselves as far as they need it: sockets
 * and browsers on a busy one are how patience runs out.
 */
const TESTS = ["js", "browser", "package"];

/**
 * Beside them, each group in a row of its own and with the least priority: what the tests leave, above all while browsers
 * wait, is enough for these.
 */
const ASIDE = ["rust", "types", "bytes"];

/** Runs the parts and gives the sum of their outcomes, and of each part how long it took. */
export async function runParts(parts) {
  const ofGroups = (...groups) => parts.filter(({ group }) => groups.includes(group));
  const homeless = parts.find(({ group }) => !["build", ...TESTS, ...ASIDE].includes(group));
  if (homeless) throw new Error(`nothing runs the group ${homeless.group}`);
  const ended = await inTurn(ofGroups("build"));
  const tests = inTurn(TESTS.flatMap((group) => ofGroups(group)));
  const aside = ASIDE.map((group) => inTurn(ofGroups(group), { isAside: true }));
  ended.push(...(await Promise.all([tests, ...aside])).flat());
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
