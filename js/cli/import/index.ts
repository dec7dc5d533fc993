/** `npx convex-gate import`: reads the export of another auth system, and brings its rows into a deployment. */
import { createInterface } from "node:readline/promises";
import { GateError } from "../../errors/index.js";
import { exit } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { Env } from "../finding.js";
import { printable } from "../printable.js";
import { credentialsFor } from "./credentials.js";
import { deploymentAt } from "./deployment.js";
import type { ImportDeployment } from "./deployment.js";
import { beginJournal, newRun, resumeJournal } from "./journal.js";
import type { Journal } from "./journal.js";
import { createProgress } from "./progress.js";
import { hasProblems, keepApart, reportOf, summary, writeReport } from "./report.js";
import { runImport } from "./run.js";
import type { Source, SourceName } from "./source.js";
import { openerOf } from "./sources/index.js";
import { createTally } from "./tally.js";

/** Options of the command. */
export interface ImportOptions {
  readonly from: SourceName;
  readonly file: string;
  readonly dryRun: boolean;
  readonly resume: boolean;
  readonly prod: boolean;
  readonly yes: boolean;
  /** The report's file. The state of an import that has not ended is beside it. */
  readonly report: string;
  /** The app's function, as `npx convex run` takes it. */
  readonly function: string;
}

/** Runs the command. 0 if all rows are there, 1 if some were left out or it was stopped. */
export async function importUsers(env: Env, options: ImportOptions): Promise<ExitCode> {
  const open = await openerOf(options.from);
  if (!open)
    throw new GateError("INVALID_OPTION", `--from ${options.from} is not there in this version`);
  await keepApart(options.report, options.file);
  const source = await open(options.file);
  try {
    const credentials = await credentialsFor(env, options.prod);
    try {
      return await imported(source, deploymentAt(credentials, options.function), options);
    } finally {
      await credentials.release?.();
    }
  } finally {
    await source.close();
  }
}

async function imported(
  source: Source,
  deployment: ImportDeployment,
  options: ImportOptions,
): Promise<ExitCode> {
  const { dryRun, resume, report: path } = options;
  // Also tells whether the function is there, before anything is begun.
  const { hasUsers, order } = await deployment.target();
  if (!dryRun && !resume) await confirm(deployment.url, hasUsers, options);

  const tally = createTally();
  const state = `${path}.state`;
  const begun = {
    source: source.name,
    fingerprint: source.fingerprint,
    deployment: deployment.url,
  };
  let journal: Journal | undefined;
  if (resume) journal = await resumeJournal(state, begun, (more) => tally.add(more));
  else if (!dryRun) journal = await beginJournal(state, { ...begun, run: newRun(), order });

  const interrupt = onInterrupt();
  const progress = createProgress(source, dryRun);
  let complete = false;
  try {
    complete = await runImport({
      source,
      deployment,
      tally,
      order: journal ? journal.begun.order : order,
      journal,
      isStopped: interrupt.isStopped,
      progress: () => progress.show(tally),
    });
  } finally {
    interrupt.end();
    progress.end();
    const report = reportOf(tally, {
      source: source.name,
      deployment: deployment.url,
      dryRun,
      complete,
      warnings: source.warnings,
    });
    await writeReport(path, report);
    process.stdout.write(summary(report));
    process.stderr.write(`The report is in ${printable(path)}\n`);
    if (complete) await journal?.remove();
    else if (journal)
      process.stderr.write("Go on with the same command and --resume; nothing is written twice.\n");
  }
  return complete && !hasProblems(tally) ? exit.fine : exit.problems;
}

/** Asks before rows go where people already are. */
async function confirm(
  url: string,
  hasUsers: boolean,
  { prod, yes }: ImportOptions,
): Promise<void> {
  if (yes || (!hasUsers && !prod)) return;
  const what = [
    prod ? "This is production." : "",
    hasUsers ? "There are users already; their rows stay as they are." : "",
  ]
    .filter(Boolean)
    .join(" ");
  if (!process.stdin.isTTY)
    throw new GateError("IMPORT_REFUSED", `${url}: ${what} To import all the same, add --yes`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D reject it.
  const answer = await terminal.question(`${url}: ${what} Import? [y/N] `).catch(() => "");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new GateError("IMPORT_REFUSED", "nothing was imported");
}

/** Ctrl-C ends the import after the page that is on its way; a second one ends the program. */
function onInterrupt(): { isStopped: () => boolean; end: () => void } {
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    process.stderr.write("\nStopping after this page.\n");
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return {
    isStopped: () => stopped,
    end() {
      process.removeListener("SIGINT", stop);
      process.removeListener("SIGTERM", stop);
    },
  };
}
