/** The sections of docs/plugins.md, one a plugin: hand-written lines, and what the matrix measured. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect } from "vitest";
import type { MatrixPlugin } from "./plugin.js";
import type { Measured } from "./measured.js";

const page = fileURLToPath(new URL("../../../docs/plugins.md", import.meta.url));

/** Compares a plugin's section with the page, or puts it there when MATRIX_DOCS is `write`. */
export async function checkSection(plugin: MatrixPlugin, cases: Measured[]): Promise<void> {
  const begin = `<!-- matrix: ${plugin.name} -->`;
  const end = `<!-- end: ${plugin.name} -->`;
  const section = await formatted(`${begin}\n\n${sectionOf(plugin, cases)}\n${end}`);
  const text = readFileSync(page, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (process.env["MATRIX_DOCS"] === "write") {
    const next =
      from < 0
        ? inserted(text, plugin.name, section)
        : text.slice(0, from) + section + text.slice(to + end.length);
    writeFileSync(page, next);
    return;
  }
  const current = from < 0 ? undefined : text.slice(from, to + end.length);
  expect(current, "write it with MATRIX_DOCS=write").toBe(section);
}

/** In the order of the names, so that two people's sections seldom meet. */
function inserted(text: string, name: string, section: string): string {
  const later = [...text.matchAll(/<!-- matrix: (\S+) -->/g)].find(
    ([, other = ""]) => other > name,
  );
  if (!later) return `${text.trimEnd()}\n\n${section}\n`;
  return `${text.slice(0, later.index)}${section}\n\n${text.slice(later.index)}`;
}

/** As `npm run format` leaves the page. */
async function formatted(text: string): Promise<string> {
  const options = (await resolveConfig(page)) ?? {};
  return (await format(text, { ...options, parser: "markdown" })).trim();
}

function sectionOf(plugin: MatrixPlugin, cases: Measured[]): string {
  const parts = [`### ${plugin.name}`, `\`${plugin.package}\` ${versionOf(plugin.package)}.`];
  parts.push(`\`\`\`ts\n// convex/auth.ts, in the options\n${plugin.lines.trim()}\n\`\`\``);
  if (plugin.notes !== undefined) parts.push(plugin.notes.trim());
  parts.push(...twoOriginsOf(cases));
  parts.push(cases.map(tableOf).join("\n\n"));
  return `${parts.join("\n\n")}\n`;
}

/** What differs where the app's pages are on another origin: what the browser opens itself comes home first. */
function twoOriginsOf(cases: Measured[]): string[] {
  const most = new Map<string, { calls: number; reads: number }>();
  for (const { operations, twoOrigins } of cases) {
    for (const [index, { label, calls, reads, isNavigation }] of twoOrigins.entries()) {
      if (!isNavigation || calls === operations[index]?.calls) continue;
      const known = most.get(label);
      most.set(label, {
        calls: Math.max(calls, known?.calls ?? 0),
        reads: Math.max(reads, known?.reads ?? 0),
      });
    }
  }
  const figures = [...most].map(
    ([label, { calls, reads }]) => `\`${label}\` ${String(calls)} (${String(reads)})`,
  );
  return figures.length === 0 ? [] : [`On two origins: ${figures.join(", ")}.`];
}

function tableOf({ name, path, operations }: Measured): string {
  const sign = path === "happy" ? "Works" : "Refused";
  const lines = operations.map(({ label, calls, reads, readsLater, inherent }) => {
    const later = readsLater === undefined ? "not run" : String(readsLater);
    return `| \`${label}\` | ${String(calls)} | ${String(reads)} | ${later}${inherent === undefined ? "" : ` (${inherent})`} |`;
  });
  const head = "| Operation | Component calls | Documents read | With 2,000 rows more |";
  return `${sign}: ${name}.\n\n${[head, "| --- | ---: | ---: | ---: |", ...lines].join("\n")}`;
}

/** The version that is installed; many packages do not export their package.json. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (existsSync(file)) return (require(file) as { version: string }).version;
  }
  throw new Error(`${name} is not installed near ${dirname(page)}`);
}
