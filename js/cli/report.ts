/** How `doctor` tells what it found: lines for people, JSON for programs, an exit code for CI. */
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Finding } from "./finding.js";
import { printable } from "./printable.js";

const SIGNS = { ok: "ok     ", warning: "warning", error: "error  ", unseen: "unseen " };
/** Without any of these nothing is known of the deployment. */
const SOURCES: readonly string[] = ["DEPLOYMENT_ENV", "DEPLOYMENT"];

/** The report as text. Nothing in it can act on a terminal. */
export function report(findings: readonly Finding[], code: ExitCode, json: boolean): string {
  if (!json) return findings.map((finding) => `${line(finding)}\n`).join("");
  const told = findings.map(({ level, code: about, message, remedy }) => ({
    level,
    code: about,
    message: printable(message),
    ...(remedy !== undefined && { remedy: printable(remedy) }),
  }));
  return `${JSON.stringify({ exitCode: code, findings: told }, null, 2)}\n`;
}

/** Without what is said to be fine of something about which there is an error as well. */
export function consistent(findings: readonly Finding[]): Finding[] {
  const faulty = new Set(findings.filter(({ level }) => level === "error").map(({ code }) => code));
  return findings.filter(({ level, code }) => level !== "ok" || !faulty.has(code));
}

/** 1 for any error; 2 where the deployment was to be looked at and neither its variables nor its answers could be seen. */
export function exitCodeOf(findings: readonly Finding[], offline: boolean): ExitCode {
  if (findings.some(({ level }) => level === "error")) return exit.problems;
  const blind = SOURCES.every((source) =>
    findings.some(({ level, code }) => level === "unseen" && code === source),
  );
  return blind && !offline ? exit.unseen : exit.fine;
}

function line({ level, code, message, remedy }: Finding): string {
  return printable(`${SIGNS[level]} ${code}: ${message}${remedy ? ` -> ${remedy}` : ""}`);
}
