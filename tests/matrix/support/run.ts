/**
 * Runs plugins' cases three times on one deployment: with the app's pages on its origin, with pages on another one, and
 * with 2,000 rows more in every table that they use. The last time no operation may read more documents than the first,
 * but for those that say why.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSection } from "./docs.js";
import type { MatrixDeployment } from "./deployment.js";
import { startMatrix } from "./deployment.js";
import type { Case, MatrixPlugin, Party } from "./plugin.js";
import type { Operation } from "./recorder.js";

const EXTRA_ROWS = 2000;
/** A transaction of Convex writes at most 16,000 documents. */
const ROWS_AT_ONCE = 500;
/** Better Auth's own jwt() reads its whole key set each time, whatever the database. */
const wholeTables: ReadonlySet<string> = new Set(["jwks"]);

/** What one case cost at both sizes. */
export interface Measured {
  name: string;
  path: "happy" | "failure";
  operations: (Operation & { readsLater: number | undefined })[];
  /** The same with the app's pages on another origin, or why it was not run. */
  twoOrigins: Operation[] | string;
}

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
    matrix.recorder.take();
    await each.run(matrix.tools, party ?? noParty);
    return matrix.recorder.take();
  }

  for (const plugin of plugins) {
    describe(plugin.name, () => {
      it.each(plugin.cases)("$path: $name", async (each) => {
        if (each.warm) await run(plugin, each);
        results.set(each, { before: await run(plugin, each) });
      });

      describe("with the app's pages on another origin", () => {
        for (const each of plugin.cases) {
          const { path, name, oneOrigin } = each;
          if (oneOrigin === undefined)
            it(`${path}: ${name}`, async () => {
              const operations = await run(plugin, each, true);
              const result = results.get(each);
              if (result) result.twoOrigins = operations;
            });
          else it.skip(`${path}: ${name} (${oneOrigin})`);
        }
      });
    });
  }

  describe(`with ${EXTRA_ROWS.toLocaleString("en")} rows more in every table`, () => {
    it("the tables are filled", { timeout: 300_000 }, async () => {
      for (const plugin of plugins) {
        for (const each of plugin.cases) {
          await matrix.choose({ sets: setsOf(plugin, each) }, parties.get(plugin)?.env);
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
        const costs = (operations: Operation[]): unknown[] =>
          operations.map(({ label, calls, reads, inherent }, index) =>
            inherent === undefined
              ? // Fewer is no complaint: the first write of a new unique field also indexes the rows that were there.
                { label, calls, atMost: Math.max(reads, before[index]?.reads ?? 0) }
              : { label },
          );
        expect(costs(after)).toEqual(costs(before));
      });

      it("its section of docs/plugins.md is what was measured", async () => {
        await checkSection(
          plugin,
          plugin.cases.map((each) => measured(each, results.get(each))),
        );
      });
    });
  });
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
    for (let from = 0; from < EXTRA_ROWS; from += ROWS_AT_ONCE)
      await tools.action("tables:fill", { model, from, count: ROWS_AT_ONCE });
  }
}

function measured(
  { name, path, oneOrigin }: Case<Party>,
  result: Result | undefined,
): Measured {
  const { before = [], after, twoOrigins = [] } = result ?? {};
  return {
    name,
    path,
    twoOrigins: oneOrigin ?? twoOrigins,
    operations: before.map((operation, index) => ({
      ...operation,
      readsLater: after?.[index]?.reads,
    })),
  };
}
