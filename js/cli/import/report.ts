/** How an import tells what it did: a file with everything, and lines for people. Neither holds a value of a row. */
import { realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { GateError } from "../../errors/index.js";
import { printable } from "../printable.js";
import { EXPECTED } from "./reasons.js";
import type { Counts, Issue, Tally } from "./tally.js";

/** The report file. */
export interface ImportReport {
  readonly source: string;
  readonly deployment: string;
  readonly dryRun: boolean;
  /** False where the import was stopped before its end. */
  readonly complete: boolean;
  readonly counts: Readonly<Record<string, Counts>>;
  readonly issues: readonly Issue[];
  readonly warnings: readonly string[];
}

/** Puts a report together. */
export function reportOf(
  tally: Tally,
  facts: Omit<ImportReport, "counts" | "issues">,
): ImportReport {
  return { ...facts, counts: tally.counts, issues: tally.issues };
}

/**
 * Refuses a report in the folder of the export: it would be read with it the next time, and with the state beside it the
 * folder would be another one for `--resume`.
 *
 * @throws GateError `INVALID_OPTION`
 */
export async function keepApart(report: string, file: string): Promise<void> {
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  // A folder that is not there is not in another one, and whoever writes into it says so.
  const place = isFolder && (await realpath(dirname(resolve(report))).catch(() => undefined));
  if (!place) return;
  const way = relative(await realpath(file), place);
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new GateError(
    "INVALID_OPTION",
    `${report} would be in the folder of the export, and be read with it: give another path with --report`,
  );
}

/** Writes the file at once or not at all. */
export async function writeReport(path: string, report: ImportReport): Promise<void> {
  const half = `${path}.part`;
  await writeFile(half, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  await rename(half, path);
}

/** The report in lines. */
export function summary({ counts, issues, warnings, dryRun }: ImportReport): string {
  const would = dryRun ? "would be " : "";
  const lines = [
    ...warnings.map((warning) => `note     ${warning}`),
    ...Object.entries(counts).map(
      ([model, { created, unchanged, refused }]) =>
        `${model}: ${String(created)} ${would}created, ${String(unchanged)} there already, ${String(refused)} left out`,
    ),
    ...issues.map(({ kind, code, model, field, value, why, count }) => {
      const about = [model, field].filter(Boolean).join(".");
      const which = value === undefined ? "" : ` "${value}"`;
      return `${kind.padEnd(8)} ${code} ${about}${which}: ${String(count)} (${why})`;
    }),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** Whether a row was left out that somebody may miss. */
export function hasProblems({ issues }: Pick<ImportReport, "issues">): boolean {
  return issues.some(({ kind, code }) => kind === "refused" && !EXPECTED.includes(code));
}
