/** An app and its twin, which has no fast lane: requests go both ways from the same database at the same moment. */
import { expect } from "vitest";
import { openDatabase } from "../../host/database.js";
import type { Database } from "../../host/database.js";
import { tableOf } from "../../host/read-set.js";
import { bothWays } from "../../support/two-ways/both-ways.js";
import type { Kind, Tally } from "../../support/two-ways/tally.js";
import { kindOf } from "../../support/two-ways/tally.js";
import { createBrowser } from "../support/app.js";
import type { Browser } from "../support/app.js";
import type { Code, LaneApp } from "./support.js";
import { createLaneApp, get } from "./support.js";

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
  compare(request: Request): Promise<{ kind: Kind | undefined; isTaken: boolean; status: number }>;
  /** Changes every row of a table, as a developer does in the dashboard. */
  edit(table: string, change: Record<string, unknown>): Promise<void>;
}

/** Makes the pair; `code` is called once for each of the two. */
export async function createPair(code: () => Code, tally?: Tally): Promise<Pair> {
  const { basePath = "/api/auth" } = code().routes ?? {};
  const mounted = (request: Request): Request =>
    new Request(request.url.replace("/api/auth", basePath), request);
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
    browser: () => createBrowser((request) => app.send(mounted(request), false)),
    async warm() {
      await app.send(mounted(get("/convex/.well-known/openid-configuration")));
    },
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
      const kind = kindOf(request);
      if (kind === undefined) {
        const { status } = await app.send(mounted(request));
        const isRouted = status !== 404 || app.loads() > loads;
        // What is none of the lane's must not be answered by it.
        if (isRouted) expect(app.loads(), `${request.method} ${request.url}`).toBe(loads + 1);
        return { kind, isTaken: false, status };
      }
      const { seen, expected } = await bothWays(mounted(request), side, full);
      expect(seen, `${request.method} ${request.url}`).toEqual(expected);
      // Where there is no route nobody answers.
      const isTaken = app.loads() === loads && seen.status !== 404;
      tally?.add({ kind, isTaken });
      return { kind, isTaken, status: seen.status };
    },
  };
}
