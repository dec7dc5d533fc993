/** Rows that an import brings from elsewhere, a page in one transaction. */
import { v } from "convex/values";
import { orFault, faults, withFaults } from "../js/component/fault-values.js";
import { factsOf } from "../js/component/import-facts.js";
import type { ImportedRow } from "../js/component/import-facts.js";
import { run } from "../js/component/run.js";
import { rules } from "../js/component/validators.js";
import { judge } from "../js/import/judge.js";
import type { Seen } from "../js/import/judge.js";
import type { RowResult } from "../js/import/protocol.js";
import { mutation } from "./_generated/server.js";

export const experimental_reuseContext = true;

/** A table of one row, the last page that was written: it is not in the schema, since most apps never have it. */
const LAST = "gateImports";

interface Written {
  ids: string[];
  results: RowResult[];
}

/**
 * Writes those rows of a page that can be created, and tells what became of each. With `page`, which names the page among
 * all of all imports, a second call gives the first one's answer and writes nothing: whoever lost the answer asks again.
 * Without it nothing is written, and what is stored beside each row is told.
 */
export const page = mutation({
  args: {
    rows: v.array(
      v.object({ model: v.string(), data: v.any(), added: v.optional(v.array(v.string())) }),
    ),
    rules: v.record(v.string(), rules),
    page: v.optional(v.object({ run: v.string(), number: v.number() })),
    faults,
  },
  returns: orFault(v.array(v.any())),
  handler: (ctx, { faults, rows, rules: rulesOf, page }) =>
    withFaults(ctx, faults, async (ctx): Promise<unknown[]> => {
      const last = page && (await ctx.db.query(LAST).first());
      if (last && last["run"] === page.run && last["number"] === page.number)
        return resultsAgain(rows, last as Written);

      const facts = await factsOf(ctx, rows, rulesOf);
      if (!page) return facts;
      const seen: Seen = new Map();
      const results = facts.map((each, index) => judge(String(rows[index]?.data.id), each, seen));
      const log = rows
        .filter((_row, index) => results[index] === "created")
        .map(({ model, data }) => {
          // Unique fields are looked at once more: it costs an empty range each, and an index that is made here is called
          // as every other write calls it. A reference would cost the row that it leads to, which has been seen: of
          // what was overlooked a row is refused, never written.
          const { indexes = [], unique = [] } = rulesOf[model] ?? {};
          return { operation: { create: { model, data, rules: { indexes, unique } } } };
        });
      if (log.length > 0) await run(ctx, { replay: { log } });
      const written: Written = { ids: rows.map(nameOf), results };
      if (last) await ctx.db.patch(LAST, last._id, { ...page, ...written });
      else await ctx.db.insert(LAST, { ...page, ...written });
      return results;
    }),
});

/**
 * The results of the rows that the page had when it was written, in its order: the first of these, if its caller has made it
 * longer. Some may lack that have expired since.
 */
function resultsAgain(rows: readonly ImportedRow[], { ids, results }: Written): RowResult[] {
  const again: RowResult[] = [];
  let next = 0;
  for (const row of rows) {
    next = ids.indexOf(nameOf(row), next);
    const result = next < 0 ? undefined : results[next];
    if (result === undefined) break;
    again.push(result);
    next += 1;
  }
  return again;
}

function nameOf({ model, data }: ImportedRow): string {
  return `${model}:${String(data["id"])}`;
}
