/**
 * Runs plugins' cases three times on one deployment: with the app's pages on its origin, with pages on another one, and
 * with 500 rows more in every table that they use. The last time no operation may read more documents than the first,
 * but for those that say why.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPage } from "./docs.js";
import type { Measured } from "./measured.js";
import type { MatrixDeployment } from "./deployment.js";
import { startMatrix } from "./deployment.js";
import type { Case, MatrixPlugin, Party } from "./plugin.js";
import type { Operation } from "./recorder.js";

/** Enough to show what reads a table where it should read an index range; more would only take longer to write. */
const EXTRA_ROWS = 500;
/**
 * Component calls, and documents, by which a navigation is brought home: its home is looked up, it is kept and taken out
 * again, and so is a page that only the deployment can show.
 */
const WAY_HOME = 5;
/** Component calls, and documents, of a token that comes with a session where the fast lane does not answer: found, signed, kept. */
const WITH_TOKEN = 5;
/** Better Auth's own jwt() reads its whole key set each time, whatever the database. */
const wholeTables: ReadonlySet<string> = new Set(["jwks"]);

/** Defines the tests of these plugins, which share one bundle and one deployment. */
export function runMatrix(name: string, plugins: readonly MatrixPlugin[]): void {
  let matrix: MatrixDeployment;
  const parties = new Map<MatrixPlugin, Party>();
  const results = new Map<Case<Party>, Result>();
  const filled = new Set<string>();

  beforeAll(async () => {
    matrix = await startMatrix(
      name,
      plugins.map((plugin) => plugin.name),
    );
    for (const plugin of plugins) {
      const party = await plugin.party?.(matrix.host);
      if (!party) continue;
      parties.set(plugin, party);
      for (const [origin, url] of Object.entries(party.standsFor ?? {}))
        matrix.standIns.set(origin, url);
    }
    // The deployment's first token makes its key.
    await matrix.choose({ sets: [] });
    await (await matrix.tools.person("first")).token();
  }, 120_000);
  afterAll(async () => {
    for (const party of parties.values()) await party.close();
    // Not there when it could not start, which is an error of its own.
    await (matrix as MatrixDeployment | undefined)?.close();
  });

  async function run(
    plugin: MatrixPlugin,
    each: Case<Party>,
    twoOrigins = false,
  ): Promise<Operation[]> {
    const party = parties.get(plugin);
    await matrix.choose({ sets: setsOf(plugin, each), twoOrigins }, party?.env);
    // The same cases with more rows would show nothing new.
    matrix.twoWays.compare(filled.size === 0);
    matrix.recorder.take();
    await each.run(matrix.tools, party ?? noParty);
    const operations = matrix.recorder.take();
    // Every plugin is looked at once in each set-up, by everybody of its last case, before there are many rows.
    if (filled.size === 0 && each === plugin.cases.at(-1)) await matrix.probe();
    expect(matrix.twoWays.take()).toEqual([]);
    return operations;
  }

  for (const plugin of plugins) {
    describe(plugin.name, () => {
      it.each(plugin.cases)("$path: $name", async (each) => {
        if (each.warm) await run(plugin, each);
        results.set(each, { before: await run(plugin, each) });
      });

      describe("with the app's pages on another origin", () => {
        it.each(plugin.cases)("$path: $name", async (each) => {
          const result = results.get(each);
          if (!result) throw new Error("the case failed before");
          result.twoOrigins = await run(plugin, each, true);
          // What the page itself asks for costs what it costs on one origin, or less.
          expectNoMore(result.twoOrigins, result.before, (operation) => {
            if (operation.inherent !== undefined) return Infinity;
            if (operation.isNavigation) return WAY_HOME;
            return operation.mayBringToken ? WITH_TOKEN : 0;
          });
        });
      });
    });
  }

  it("the fast lane answered as Better Auth does", async () => {
    // Plugins whose hooks match every path leave the lane no more than preflights: an app without them is asked, too. The
    // first round leaves the facts that the second is answered by.
    for (const twoOrigins of [false, true]) {
      await matrix.choose({ sets: [], twoOrigins });
      await matrix.tools.person("lane");
      await matrix.probe();
      await matrix.probe();
    }
    expect(matrix.twoWays.take()).toEqual([]);
    matrix.twoWays.tally.print(name);
    matrix.twoWays.tally.expectProof();
  });

  describe(`with ${String(EXTRA_ROWS)} rows more in every table`, () => {
    it("the tables are filled", { timeout: 300_000 }, async () => {
      for (const plugin of plugins) {
        const apps = plugin.cases.map((each) => setsOf(plugin, each));
        for (const sets of new Map(apps.map((each) => [each.join(" "), each])).values()) {
          await matrix.choose({ sets }, parties.get(plugin)?.env);
          await fillTables(matrix, filled);
        }
      }
      expect(filled.size).toBeGreaterThanOrEqual(4);
    });

    describe.each(plugins.map((plugin) => [plugin.name, plugin] as const))("%s", (_, plugin) => {
      it.each(plugin.cases)("reads no more: $name", async (each) => {
        const result = results.get(each);
        if (!result) throw new Error("the case failed before");
        result.after = await run(plugin, each);
        const { before, after } = result;
        const same = ({ inherent, calls }: Operation) => (inherent === undefined ? calls : null);
        expect(after.map(same)).toEqual(before.map(same));
        expectNoMore(after, before, ({ inherent }) => (inherent === undefined ? 0 : Infinity));
      });

      it("its section of docs/plugins.md is what was measured", async () => {
        await checkPage(
          plugin,
          plugin.cases.map((each) => measured(each, results.get(each))),
        );
      });
    });
  });
}

/**
 * Expects the same operations, none of them with more calls or documents than before but for what is allowed. Fewer is no
 * complaint: the first write of a new unique field also indexes the rows that were there.
 */
function expectNoMore(
  operations: readonly Operation[],
  before: readonly Operation[],
  allowance: (operation: Operation) => number,
): void {
  const costly = operations.map((operation, index) => {
    const { label, calls, reads } = operation;
    const most = before[index] ?? operation;
    const more = allowance(operation);
    const isCostly = calls > most.calls + more || reads > most.reads + more;
    return isCostly ? { label, calls, reads, before: most } : { label };
  });
  expect(costly).toEqual(before.map(({ label }) => ({ label })));
}

const noParty: Party = { close: () => Promise.resolve() };

function setsOf(plugin: MatrixPlugin, each: Case<Party>): string[] {
  return each.sets ?? [plugin.name];
}

interface Result {
  before: Operation[];
  twoOrigins?: Operation[];
  after?: Operation[];
}

interface TableName {
  /** Better Auth's name of it. */
  model: string;
  /** The app's. */
  table: string;
}

async function fillTables({ tools }: MatrixDeployment, filled: Set<string>): Promise<void> {
  for (const { model, table } of (await tools.action("tables:list")) as TableName[]) {
    // Users and sessions keep their tables, whatever the app calls them.
    const stored = model === "user" || model === "session" ? model : table;
    if (filled.has(stored) || wholeTables.has(model)) continue;
    filled.add(stored);
    await tools.action("tables:fill", { model, from: 0, count: EXTRA_ROWS });
  }
}

function measured({ name, path }: Case<Party>, result: Result | undefined): Measured {
  const { before = [], after, twoOrigins = [] } = result ?? {};
  return {
    name,
    path,
    twoOrigins,
    operations: before.map((operation, index) => ({
      ...operation,
      readsLater: after?.[index]?.reads,
    })),
  };
}
