/** An app and its twin, which has no fast lane: requests go both ways from the same database at the same moment. */
import { expect } from "vitest";
import { openDatabase } from "../../host/database.js";
import type { Database } from "../../host/database.js";
import { tableOf } from "../../host/read-set.js";
import { bothWays } from "../../support/two-ways/both-ways.js";
import type { Seen } from "../../support/two-ways/both-ways.js";
import type { Kind, Tally } from "../../support/two-ways/tally.js";
import { kindOf } from "../../support/two-ways/tally.js";
import type { Browser } from "../support/app.js";
import type { Code, LaneApp } from "./support.js";
import { createLaneApp } from "./support.js";

/** The pair. */
export interface Pair {
  readonly app: LaneApp;
  readonly database: Database;
  /** Another version of the app's code, for both. */
  push(code: () => Code): void;
  /** A browser whose requests go the full way, and are not compared. */
  browser(): Browser;
  /** Leaves facts behind, so that the next requests can take the lane. */
  warm(): Promise<void>;
  /** Sends the request both ways and expects the same. Tells whether the lane answered. */
  compare(request: Request): Promise<{ kind: Kind | undefined; isTaken: boolean; seen: Seen }>;
  /** Changes every row of a table, as a developer does in the dashboard. */
  edit(table: string, change: Record<string, unknown>): Promise<void>;
}

/** Makes the pair; `code` is called once for each of the two. */
export async function createPair(code: () => Code, tally?: Tally): Promise<Pair> {
  const app = createLaneApp(code());
  const twin = createLaneApp(code());
  const databaseOf = ({ harness }: LaneApp): Promise<Database> =>
    openDatabase((handler) => harness.t.run(handler));
  const database = await databaseOf(app);
  const side = { database, answer: (request: Request) => app.send(request) };
  const full = {
    database: await databaseOf(twin),
    answer: (request: Request) => twin.send(request, false),
  };
  return {
    app,
    database,
    push(next) {
      app.push(next());
      twin.push(next());
    },
    browser: () => app.browser(false),
    warm: () => app.warm(),
    async edit(table, change) {
      const edited = [...database.contents()].map(([path, { documents, ...rest }]) => {
        const rows = Object.entries(documents).map(([id, document]) =>
          tableOf(id) === table ? [id, { ...document, ...change }] : [id, document],
        );
        return [
          path,
          { ...rest, documents: Object.fromEntries(rows) as typeof documents },
        ] as const;
      });
      await database.become(new Map(edited));
    },
    async compare(request) {
      const loads = app.loads();
      const { seen, expected } = await bothWays(request, side, full);
      const isTaken = app.loads() === loads;
      expect(seen, `${request.method} ${request.url}`).toEqual(expected);
      const kind = kindOf(request);
      // What is none of the lane's must not be answered by it.
      if (kind === undefined) expect(isTaken).toBe(false);
      else tally?.add({ kind, isTaken, why: "" });
      return { kind, isTaken, seen };
    },
  };
}
