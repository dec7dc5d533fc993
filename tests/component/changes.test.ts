/** What an operation tells of its writes. The database is a fake one that takes every row: only their number matters. */
import type { AnyDataModel, GenericDatabaseWriter } from "convex/server";
import { expect, it } from "vitest";
import { withChanges } from "../../js/component/changes.js";

const fake = {
  insert: () => Promise.resolve("an id"),
} as unknown as GenericDatabaseWriter<AnyDataModel>;

function inserting(rows: number): Promise<unknown> {
  return withChanges({ db: fake }, ["session"], async ({ db }) => {
    for (let row = 0; row < rows; row += 1) await db.insert("session", { id: String(row) });
    return rows;
  });
}

it("tells of as many rows as one answer of Convex holds, and refuses more by a code that is known", async () => {
  expect(await inserting(8_000)).toMatchObject({ result: 8_000, changes: { length: 8_000 } });
  await expect(inserting(8_001)).rejects.toMatchObject({ data: { code: "LIMIT_EXCEEDED" } });
});
