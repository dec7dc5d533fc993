/**
 * The state of an import: a file to which each page adds a line once it is written, so that an import which was cut off
 * goes on where it was. A line that was cut off itself does not count.
 */
import { createHash } from "node:crypto";
import { appendFile, open, readFile, rm, truncate } from "node:fs/promises";
import { GateError } from "../../errors/index.js";
import type { Additions } from "./tally.js";

/** What an import was begun with, and what it has to be resumed with. */
export interface Begun {
  readonly source: string;
  readonly fingerprint: string;
  readonly deployment: string;
  /** Names this import among all, so that no page is counted twice. */
  readonly run: string;
  /** The order of the models, by which its positions count. The deployment's may have changed since. */
  readonly order?: readonly string[] | undefined;
}

/** Where an import stands. */
export interface Standing {
  /** After this record of the source, undefined for its beginning, */
  readonly position?: string | undefined;
  /** so many rows of the next record are done. */
  readonly skip: number;
  /** The number of the next page. */
  readonly number: number;
  /** Most rows of a page, as the deployment has taught. */
  readonly limit: number;
}

type Line = Standing & Additions;

/** An open journal. */
export interface Journal {
  readonly begun: Begun;
  /** The last standing, undefined for a new import. */
  readonly standing?: Standing | undefined;
  append(line: Line): Promise<void>;
  remove(): Promise<void>;
}

/** Begins a journal. */
export async function beginJournal(path: string, begun: Begun): Promise<Journal> {
  // Readable by whoever runs it alone: it holds ids.
  const file = await open(path, "w", 0o600);
  await file.writeFile(`${JSON.stringify(begun)}\n`);
  await file.close();
  return journalAt(path, begun);
}

/**
 * Goes on with a journal; `seen` is told what each of its lines adds.
 *
 * @throws GateError `IMPORT_STATE` if there is none, or if it is of another import.
 */
export async function resumeJournal(
  path: string,
  { source, fingerprint, deployment }: Omit<Begun, "run" | "order">,
  seen: (additions: Additions) => void,
): Promise<Journal> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined)
    throw new GateError("IMPORT_STATE", `${path} is not there: begin without --resume`);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first, ...lines] = whole.split("\n").slice(0, -1);
  const begun = parse(first ?? "") as Begun | undefined;
  const steps = lines.map(parse) as (Line | undefined)[];
  const problem =
    begun?.run === undefined || !steps.every((step) => step !== undefined)
      ? "is no state of an import"
      : begun.source !== source || begun.fingerprint !== fingerprint
        ? "is of another file, or the file has changed since"
        : begun.deployment !== deployment
          ? `is of an import into ${begun.deployment}`
          : undefined;
  if (problem !== undefined || !begun)
    throw new GateError(
      "IMPORT_STATE",
      `${path} ${problem ?? ""}: begin without --resume, since rows that are there are not written again`,
    );
  // What comes next must not end up on the line that was cut off.
  await truncate(path, Buffer.byteLength(whole));
  let standing: Standing | undefined;
  for (const { counts, events, ...where } of steps as Line[]) {
    seen({ counts, events });
    standing = where;
  }
  return { ...journalAt(path, begun), standing };
}

function journalAt(path: string, begun: Begun): Journal {
  return {
    begun,
    append: (line) => appendFile(path, `${JSON.stringify(line)}\n`, { flush: true } as object),
    remove: () => rm(path, { force: true }),
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A name for an import that no other has. */
export function newRun(): string {
  return createHash("sha256").update(crypto.randomUUID()).digest("base64url").slice(0, 16);
}
