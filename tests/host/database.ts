/** The documents of a `convex-test` instance: read as they are, and made those of another instance of the same app. */
import { tableOf } from "./read-set.js";
import type { TestState } from "./test-state.js";
import { stateOf } from "./test-state.js";

/** A document by its fields. */
export type Document = Readonly<Record<string, unknown>>;

/** What a database holds. Documents are shared, never changed: `convex-test` makes a new one for each write. */
export type Contents = ReadonlyMap<string, ContentsOfComponent>;

/** What one component holds; the app's own path is empty. */
export interface ContentsOfComponent {
  readonly documents: Readonly<Record<string, Document>>;
  readonly nextDocId: number;
  readonly lastCreationTime: number;
}

/** A database that can be read whole and written whole. */
export interface Database {
  /** What is committed. */
  contents(): Contents;
  /** Makes these the contents, but for what the scheduler keeps. Waits for the transaction that runs. */
  become(contents: Contents): Promise<void>;
}

/** The members of `convex-test`'s database that are used (0.0.60). */
interface Fake {
  _documents: Record<string, Document>;
  _nextDocId: number;
  _lastCreationTime: number;
  _addWrite(id: string, value: Document | null): void;
}

type Run = (handler: () => Promise<void>) => Promise<void>;

/** Opens the database of the instance whose method `run` is. */
export async function openDatabase(run: Run): Promise<Database> {
  const { components } = await stateOf<TestState<Fake>>(run);
  return {
    contents: () =>
      new Map(
        Object.entries(components).map(([path, { db }]) => [
          path,
          {
            documents: { ...db._documents },
            nextDocId: db._nextDocId,
            lastCreationTime: db._lastCreationTime,
          },
        ]),
      ),
    become: (contents) =>
      run(async () => {
        for (const [path, { db }] of Object.entries(components)) {
          const next = contents.get(path);
          if (!next) throw new Error(`the other database has no component ${path}`);
          for (const [id, document] of changes(db._documents, next.documents))
            db._addWrite(id, document);
          db._nextDocId = next.nextDocId;
          db._lastCreationTime = next.lastCreationTime;
        }
      }),
  };
}

/** What differs, with the document that is there afterwards, or null. A job belongs to the instance whose timer runs it. */
export function* changes(
  before: ContentsOfComponent["documents"],
  after: ContentsOfComponent["documents"],
): Generator<[id: string, document: Document | null]> {
  for (const [id, document] of Object.entries(after))
    if (before[id] !== document && !isJob(id)) yield [id, document];
  for (const id of Object.keys(before)) if (!(id in after) && !isJob(id)) yield [id, null];
}

function isJob(id: string): boolean {
  return tableOf(id) === "_scheduled_functions";
}
