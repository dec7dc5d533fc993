/** Where the time of a run went: what `npm test` prints at its end. */

const LONGEST_FILES = 12;

/** The lines of the report, for the times that `runParts` gives. */
export function timeReport(times, clock) {
  const width = Math.max(...times.map(({ name }) => name.length), "the whole run".length);
  const row = (name, clock, processor) =>
    `  ${name.padEnd(width)}  ${seconds(clock)}  ${seconds(processor)}`;
  const processor = times.reduce((sum, each) => sum + each.processor, 0);
  const files = times.flatMap(({ files }) => files).sort((a, b) => b.clock - a.clock);
  return [
    `where the time went${" ".repeat(Math.max(0, width - 17))}  ${"clock".padStart(8)}  processor`,
    ...times.map((each) => row(each.name, each.clock, each.processor)),
    row("the whole run", clock, processor),
    ...(files.length === 0 ? [] : ["", "the longest test files (clock; others run beside them)"]),
    ...files.slice(0, LONGEST_FILES).map(({ name, clock }) => `  ${seconds(clock)}  ${name}`),
  ];
}

function seconds(value) {
  return `${value.toFixed(1)} s`.padStart(8);
}
