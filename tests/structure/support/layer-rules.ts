/** A graph held against a table of layers. */
import type { House, Layer } from "../layers.js";
import type { Graph } from "./graph.js";

/** The layer of a file: that of the longest part that it lies in. */
function layerOf(house: House, file: string): Layer | undefined {
  const parts = house.layers.flatMap((layer) =>
    (layer.parts ?? [layer.name]).map((part) => ({ layer, path: house.root + part })),
  );
  const around = parts.filter(
    ({ path }) => file.startsWith(`${path}/`) || file.startsWith(`${path}.`),
  );
  return around.toSorted((a, b) => b.path.length - a.path.length)[0]?.layer;
}

/** Files that no layer has. The root of a crate only names its modules. */
export function homeless(house: House, graph: Graph): string[] {
  return [...graph.keys()].filter(
    (file) => layerOf(house, file) === undefined && file !== `${house.root}lib.rs`,
  );
}

/** What the table says of layers that it does not have, or that are not lower. */
export function contradictions({ layers }: House): string[] {
  return layers.flatMap(({ name, knows = [] }, place) =>
    knows
      .filter((known) => !layers.slice(0, place).some((lower) => lower.name === known))
      .map((known) => `${name} cannot know ${known}, which is not below it`),
  );
}

/** Imports that the table does not allow: of a higher layer, or of one that the layer does not know. */
export function offences(house: House, graph: Graph): string[] {
  const found: string[] = [];
  for (const [file, imported] of graph) {
    const layer = layerOf(house, file);
    if (layer === undefined) continue;
    for (const other of imported) {
      const its = layerOf(house, other);
      if (its === undefined || its === layer || allows(house, layer, its)) continue;
      found.push(`${file} (${layer.name}) -> ${other} (${its.name})`);
    }
  }
  return found;
}

function allows({ layers }: House, layer: Layer, other: Layer): boolean {
  return layer.knows?.includes(other.name) ?? layers.indexOf(other) < layers.indexOf(layer);
}

/** What the table allows and nobody imports, so that it says how things are. */
export function unused(house: House, graph: Graph): string[] {
  const seen = new Set<string>();
  for (const [file, imported] of graph) {
    for (const other of imported) {
      seen.add(`${String(layerOf(house, file)?.name)} -> ${String(layerOf(house, other)?.name)}`);
    }
  }
  return house.layers
    .flatMap(({ name, knows = [] }) => knows.map((known) => `${name} -> ${known}`))
    .filter((edge) => !seen.has(edge));
}

/** The table of a house as the page shows it, highest first, as one reads a house from its street. */
export function layersText({ title, layers }: House): string {
  const known = layers.some(({ knows }) => knows !== undefined);
  const rows = layers.map(({ name, holds, parts, knows = [] }) => {
    const files = parts === undefined ? `\`${name}\`` : `${name}: ${codes(parts)}`;
    return known ? `| ${files} | ${holds} | ${codes(knows)} |` : `| ${files} | ${holds} |`;
  });
  const head = known
    ? "| layer | what it holds | what it knows |\n| --- | --- | --- |"
    : "| layer | what it holds |\n| --- | --- |";
  return `### ${title}\n\n${head}\n${rows.reverse().join("\n")}\n`;
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
