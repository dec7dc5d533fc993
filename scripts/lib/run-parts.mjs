/** Runs parts of `npm test`, some groups beside others, and prints what came of each in the order of the list. */
import { measured } from "./processor-time.mjs";

/**
 * One stage after the other; the groups of a stage run beside one another, the parts of a group in their order. Cargo is
 * often down to one core, as a linker or the last crate is, and each check of the sources is a program on one core.
 * Tests have the machine to themselves: sockets and browsers on a busy one are how patience runs out.
 */
const STAGES = [["build"], ["rust", "types", "bytes"], ["js"], ["browser"], ["package"]];

/** Runs the parts and gives the sum of their outcomes, and of each part how long it took. */
export async function runParts(parts) {
  const sum = { passed: 0, failed: 0, skipped: [], times: [] };
  const homeless = parts.find(({ group }) => !STAGES.flat().includes(group));
  if (homeless) throw new Error(`no stage has the group ${homeless.group}`);
  for (const groups of STAGES) {
    const running = groups.flatMap((group) => inTurn(parts.filter((part) => part.group === group)));
    for (const each of running) {
      const { part, outcome, clock, processor } = await each;
      print(part, outcome, clock);
      sum.passed += outcome.passed;
      sum.failed += outcome.failed;
      sum.skipped.push(...(outcome.skipped ?? []));
      sum.times.push({ name: part.name, clock, processor, files: outcome.files ?? [] });
    }
  }
  return sum;
}

/** Starts each part when the one before it has ended. None of the promises rejects. */
function inTurn(parts) {
  let last = Promise.resolve();
  return parts.map((part) => (last = last.then(() => timed(part))));
}

async function timed(part) {
  const work = () =>
    part.run(part).catch((error) => ({ passed: 0, failed: 1, output: String(error.stack) }));
  return { part, ...(await measured(work)) };
}

function print({ name }, { passed, failed, output, notes = [] }, seconds) {
  const mark = failed === 0 ? "✓" : "✗";
  console.log(`  ${mark} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`);
  if (failed > 0) console.log(output.replace(/^/gm, "      "));
  for (const note of notes) console.log(`      ${note}`);
}
