/** The table of docs/plugins.md: one line a plugin, from what its page says. */

/** Where the table is. */
const BEGIN = "<!-- summary -->";
const END = "<!-- end of summary -->";

/** The page with its table written anew from the plugins' pages, by name. It is left as prettier would. */
export function withSummary(page: string, plugins: ReadonlyMap<string, string>): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < 0) throw new Error("docs/plugins.md has no place for the summary");
  return `${page.slice(0, from)}${BEGIN}\n\n${tableOf(plugins)}\n\n${page.slice(to)}`;
}

function tableOf(plugins: ReadonlyMap<string, string>): string {
  const lines = [...plugins].map(([name, text]) => lineOf(name, text));
  const head = [
    "Plugin",
    "Version",
    "Paths that work",
    "Paths refused",
    "Most calls",
    "Most documents",
    "Grow with the rows",
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => (line[column] ?? "").length)),
  );
  // Figures to the right, as prettier has them.
  const isFigure = (column: number): boolean => column >= 2 && column <= 5;
  const pad = (cell: string, column: number): string =>
    isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const rule = widths.map((width, column) =>
    isFigure(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [head.map(pad), rule, ...lines.map((line) => line.map(pad))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function lineOf(name: string, page: string): string[] {
  const count = (pattern: RegExp): number => [...page.matchAll(pattern)].length;
  // `operation` | calls | documents | documents later (and why more).
  const rows = [...page.matchAll(/^\| `[^|]*\| +(\d+) \| +(\d+) \| +(\d+)(?: \((.*)\))? \|$/gm)];
  const most = (column: number): string =>
    String(Math.max(0, ...rows.map((row) => Number(row[column]))));
  const growing = rows.filter(([, , before, after]) => Number(after) > Number(before) + 1_000);
  const version = / and `(\S+)`\s(\S+)\. \[All plugins\]/.exec(page);
  return [
    `[${name}](plugins/${name}.md)`,
    version ? `\`${version[1] ?? ""}\` ${version[2] ?? ""}` : "",
    String(count(/^Works: /gm)),
    String(count(/^Refused: /gm)),
    most(1),
    most(2),
    growing.length === 0 ? "none" : `${String(growing.length)} of ${String(rows.length)}`,
  ];
}
