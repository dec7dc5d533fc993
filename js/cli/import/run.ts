/** Sends the rows of a source to a deployment, page after page. */
import { judge } from "../../import/judge.js";
import type { Seen } from "../../import/judge.js";
import type { PageAnswer, PageRow, RowResult } from "../../import/protocol.js";
import { GateError } from "../../errors/index.js";
import type { ImportDeployment } from "./deployment.js";
import { isTooMuch } from "./deployment.js";
import type { Journal, Standing } from "./journal.js";
import type { QueuedRow } from "./rows.js";
import { rowsFrom } from "./rows.js";
import type { Source } from "./source.js";
import type { Additions, Tally } from "./tally.js";
import { createTally, dropsOf, outcomeOf } from "./tally.js";

/**
 * Most rows of a page. Each row is looked up by its id, its unique fields and its references, by the first two again when it
 * is written, and Convex reads 4,096 ranges of indexes in a transaction (1.48) and gives it a second. A session takes five;
 * with ten and more, as tokens of an OAuth provider may take, the page is halved.
 */
export const MOST_ROWS = 400;

/** Most bytes of a page's rows as JSON: a tenth of what a call takes and a transaction writes, which has indexes to write too. */
export const MOST_BYTES = 1_500_000;

/** How an import is run. */
export interface RunOptions {
  readonly source: Source;
  readonly deployment: Pick<ImportDeployment, "page">;
  readonly tally: Tally;
  /** The order of the models, if the deployment has told it. An import goes on in the one that it began with. */
  readonly order?: readonly string[] | undefined;
  /** Where the standing is kept. Without it nothing is written: a dry run. */
  readonly journal?: Journal | undefined;
  readonly mostRows?: number | undefined;
  readonly mostBytes?: number | undefined;
  /** Asked before each page. */
  readonly isStopped?: () => boolean;
  /** Told after each page how many records are done. */
  readonly progress?: (page: PageFigures) => void;
}

/** One page in figures. */
export interface PageFigures {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Runs an import to its end, or until it is stopped, and tells whether it came to its end. A page that is too much for the
 * deployment is sent again in halves.
 *
 * @throws GateError `IMPORT_STOPPED` where a single row is too much, or the deployment does not answer.
 */
export async function runImport({
  source,
  deployment,
  tally,
  order,
  journal,
  mostRows = MOST_ROWS,
  mostBytes = MOST_BYTES,
  isStopped = () => false,
  progress = () => {},
}: RunOptions): Promise<boolean> {
  let standing: Standing = journal?.standing ?? { skip: 0, number: 1, limit: mostRows };
  const rows = rowsFrom(source, standing, order)[Symbol.asyncIterator]();
  const queue: QueuedRow[] = [];
  const seen: Seen = new Map();
  let ended = false;

  for (;;) {
    if (isStopped()) return false;
    while (!ended && queue.length < mostRows) {
      const next = await rows.next();
      ended = next.done === true;
      if (next.done !== true) queue.push(next.value);
    }
    if (queue.length === 0) return true;
    const { texts, bytes } = firstOf(queue, standing.limit, mostBytes);
    const answers = texts.length > 0 ? await send(texts) : [];
    if (!answers) continue;
    if (texts.length > 0 && answers.length === 0)
      throw new GateError(
        "IMPORT_STOPPED",
        "the deployment's importPage did not take any row: deploy it again",
      );

    const step = createTally();
    const events: Additions["events"][number][] = [];
    const add = (more: Additions): void => {
      step.add(more);
      events.push(...more.events);
    };
    let taken = 0;
    while (queue[0] && (queue[0].row === undefined || taken < answers.length)) {
      const done = queue.shift() as QueuedRow;
      if (done.row) {
        const { model, row } = done.row;
        const answer = answers[taken] as PageRow;
        taken += 1;
        add(outcomeOf(model, row.id, resultOf(String(row.id), answer, seen), answer.notes));
      }
      add(dropsOf(done.dropped));
      standing = { ...standing, position: done.position, skip: done.skip };
    }
    const additions = { counts: step.counts, events };
    standing = { ...standing, number: standing.number + 1 };
    await journal?.append({ ...standing, ...additions });
    tally.add(additions);
    progress({ rows: taken, bytes });
  }

  /** The answers, or undefined where a page was too much: then the limit is half of it. */
  async function send(texts: string[]): Promise<readonly PageRow[] | undefined> {
    const page = journal && { run: journal.begun.run, number: standing.number };
    try {
      const answer: PageAnswer = await deployment.page(`[${texts.join(",")}]`, page);
      return answer.rows;
    } catch (error) {
      if (!isTooMuch(error) || texts.length === 1) throw error;
      standing = { ...standing, limit: Math.floor(texts.length / 2) };
      return undefined;
    }
  }
}

/** The first rows of a queue that make a page, as JSON. */
function firstOf(
  queue: readonly QueuedRow[],
  limit: number,
  mostBytes: number,
): { texts: string[]; bytes: number } {
  const texts: string[] = [];
  let bytes = 0;
  for (const { row } of queue) {
    if (!row) continue;
    const text = JSON.stringify(row);
    const more = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && (texts.length === limit || bytes + more > mostBytes)) break;
    texts.push(text);
    bytes += more;
  }
  return { texts, bytes };
}

/** What a row came to; in a dry run what it would come to. */
function resultOf(id: string, { result, facts }: PageRow, seen: Seen): RowResult {
  if (result) return result;
  if (facts) return judge(id, facts, seen);
  throw new GateError(
    "IMPORT_STOPPED",
    "the deployment's importPage is of another version: deploy it again",
  );
}
