/** Brings an export into a running deployment. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { openerOf } from "../../../js/cli/import/sources/index.js";
import type { SourceName } from "../../../js/cli/import/source.js";
import type { Host } from "../../host/index.js";

/** Stand-in until the command is there: reads with the real reader, writes by Better Auth's adapter. */
export async function importInto(host: Host, from: SourceName, path: string): Promise<void> {
  const client = new ConvexHttpClient(host.url, { logger: false });
  const open = await openerOf(from);
  const source = await open!(path);
  const dates = /(At|Expires)$/;
  for await (const { rows } of source.records())
    for (const { model, row } of rows)
      await client.mutation(makeFunctionReference<"mutation">("rows:write"), {
        rows: [
          {
            model,
            row: Object.fromEntries(Object.entries(row).filter(([, v]) => v !== undefined)),
          },
        ],
      } as never);
  await source.close();
  void dates;
}
