/** The results and how they are told: a table, one line of ratios, JSON. */
import { ratio } from "./statistics.js";
import type { Summary } from "./statistics.js";

/** One measured thing on both sides; the smaller figure is the better one in all of them. */
export interface Row {
  group:
    | "the host itself"
    | "call with host"
    | "component call"
    | "component's own part"
    | "flow"
    | "password"
    | "verification"
    | "code";
  name: string;
  unit: "ms" | "cpu ms" | "calls" | "documents" | "bytes";
  ours: Summary;
  peer: Summary;
}

/** A whole run. */
export interface Report {
  /** When it was, as an ISO 8601 date. */
  date: string;
  /** What it ran on. */
  on: "local hosts" | "deployments";
  versions: Record<string, string>;
  rows: Row[];
}

/** What can be told of deployments that count nothing: times. The processor is that of this process, which only asks them. */
export function onlyTimes(rows: readonly Row[]): Row[] {
  const isLocal = ({ group, name }: Row): boolean =>
    group === "verification" || (group === "password" && name.includes("warm"));
  return rows.filter((row) => row.unit === "ms" || isLocal(row));
}

/** A figure that does not vary. */
export function exact(value: number): Summary {
  return { median: value, lowerQuartile: value, upperQuartile: value, count: 1 };
}

/** The table, a line a row. */
export function tableOf({ rows }: Report): string {
  const lines = rows.map((row) => [
    row.group,
    row.name,
    row.unit,
    figureOf(row, row.ours),
    figureOf(row, row.peer),
    ratioOf(row),
  ]);
  const head = ["", "what", "unit", "ours", "peer", "ours/peer"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => (line[column] ?? "").length)),
  );
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The median of a group's ratios, in one unit. */
export function groupRatio(
  { rows }: Report,
  group: Row["group"],
  unit: Row["unit"],
): number | undefined {
  const ratios = rows
    .filter((row) => row.group === group && row.unit === unit)
    .map((row) => ratio(row.ours.median, row.peer.median))
    .filter((each) => each !== undefined)
    .sort((a, b) => a - b);
  return ratios[Math.floor((ratios.length - 1) / 2)];
}

/** The last line of a run. */
export function summaryOf(report: Report): string {
  const told = (group: Row["group"], unit: Row["unit"]): string =>
    groupRatio(report, group, unit)?.toFixed(2) ?? "-";
  return [
    `ours/peer, medians: one component call ${told("component call", "ms")} (with the host ${told("call with host", "ms")}, less an empty component function ${told("component's own part", "ms")}, processor time ${told("component call", "cpu ms")})`,
    `a flow ${told("flow", "ms")} of the time, ${told("flow", "cpu ms")} of the processor time, ${told("flow", "calls")} of the calls, ${told("flow", "bytes")} of the code`,
    `hashing a password ${told("password", "ms")} of the time`,
    `pushed code ${told("code", "bytes")}`,
    `JWT verification against jose ${told("verification", "ms")}`,
  ].join("; ");
}

function figureOf({ unit }: Row, { median, lowerQuartile, upperQuartile, count }: Summary): string {
  if (unit !== "ms" && unit !== "cpu ms") return median.toLocaleString("en");
  if (count === 1) return median.toFixed(2);
  return `${median.toFixed(2)} (${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)})`;
}

function ratioOf(row: Row): string {
  return ratio(row.ours.median, row.peer.median)?.toFixed(3) ?? "-";
}
