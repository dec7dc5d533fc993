/** Which file imports which, and the ways that lead back to where they began. */

/** The files of a part of the repository, by their paths from its root, each with the files that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The circles of a graph, each as the shortest chain of files that returns to its first: no chain shares a file with
 * one before it, so what is left after one was cut shows in the next run.
 */
export function circles(graph: Graph): string[] {
  const told = new Set<string>();
  const found: string[] = [];
  for (const file of graph.keys()) {
    const chain = wayBack(graph, file);
    if (chain === undefined || chain.some((each) => told.has(each))) continue;
    for (const each of chain) told.add(each);
    found.push([...chain, file].join(" -> "));
  }
  return found;
}

/** The shortest chain from a file to one that imports it. */
function wayBack(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (const file of waiting) {
    for (const imported of graph.get(file) ?? []) {
      if (imported === start) {
        const chain = [file];
        for (let at = file; at !== start; chain.unshift(at)) at = cameFrom.get(at) ?? start;
        return chain;
      }
      if (cameFrom.has(imported)) continue;
      cameFrom.set(imported, file);
      waiting.push(imported);
    }
  }
  return undefined;
}
