/** What is said of a series of measurements. */

/** The middle of a series and the half of it that lies around the middle. */
export interface Summary {
  median: number;
  lowerQuartile: number;
  upperQuartile: number;
  count: number;
}

/** Summarises a series. Throws on an empty one. */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

/** Ours to the peer's; below 1 ours is the smaller. Undefined where the peer's is zero. */
export function ratio(ours: number, peer: number): number | undefined {
  return peer === 0 ? undefined : ours / peer;
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new Error("nothing was measured");
  return below + (above - below) * (position - Math.floor(position));
}
