/** The pages under docs/plugins, one a plugin: hand-written lines, and what the matrix measured. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { expect } from "vitest";
import type { MatrixPlugin } from "./plugin.js";
import type { Measured } from "./measured.js";

const folder = fileURLToPath(new URL("../../../docs/plugins", import.meta.url));

/** Compares a plugin's page with what was measured, or writes it when MATRIX_DOCS is `write`. */
export async function checkPage(plugin: MatrixPlugin, cases: Measured[]): Promise<void> {
  const path = join(folder, `${plugin.name}.md`);
  const text = await formatted(path, pageOf(plugin, cases));
  if (process.env["MATRIX_DOCS"] === "write") return writeFileSync(path, text);
  const current = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  expect(current, "write it with MATRIX_DOCS=write").toBe(text);
}

/** As `npm run format` leaves the page. */
async function formatted(path: string, text: string): Promise<string> {
  const options = (await resolveConfig(path)) ?? {};
  return format(text, { ...options, parser: "markdown" });
}

function pageOf(plugin: MatrixPlugin, cases: Measured[]): string {
  const parts = [
    `# ${plugin.name}`,
    `For apps with the set-up of the [README](../../README.md#2-the-backend) and \`${plugin.package}\` ${versionOf(plugin.package)}. [All plugins](../plugins.md) says how the figures are measured.`,
  ];
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
  const head = "| Operation | Component calls | Documents read | With 500 rows more |";
  return `${sign}: ${name}.\n\n${[head, "| --- | ---: | ---: | ---: |", ...lines].join("\n")}`;
}

/** The version that is installed; many packages do not export their package.json. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (existsSync(file)) return (require(file) as { version: string }).version;
  }
  throw new Error(`${name} is not installed near ${folder}`);
}
