/** The calls of one request with a memory, beside those without. Calls are texts: a function's name and its arguments. */

/** The kinds of calls that are made only without, or more often, as `function table`; empty where both make the same. */
export function savedBy(without: readonly string[], remembered: readonly string[]): Set<string> {
  const left = remembered.map(kindOf);
  const saved = without.map(kindOf).filter((kind) => {
    const index = left.indexOf(kind);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return new Set(saved.sort());
}

/** Which of the calls without a memory is the one of this number with it, as far as both make the same. At least the second. */
export function placeOf(
  number: number,
  without: readonly string[],
  remembered: readonly string[],
): number {
  let place = 0;
  for (const call of remembered.slice(0, number)) place = without.indexOf(call, place) + 1 || place;
  return Math.min(Math.max(place, 1), without.length - 1);
}

function kindOf(call: string): string {
  return `${call.split(" ")[0] ?? ""} ${/"model":"(\w+)"/.exec(call)?.[1] ?? ""}`;
}
