/** How many rows one page of a correction takes, seen over a `db` that only this uses. */
import { expect, it } from "vitest";
import { fillShapes } from "../../js/component/shapes.js";

type Ctx = Parameters<typeof fillShapes>[0];

async function pageOver(
  rows: number,
  lettersEach: number,
): Promise<{ read: number; next: unknown }> {
  let read = 0;
  let next: unknown;
  const note = { id: "shape of user", round: 1, shape: [], columns: [] };
  const users = (async function* () {
    for (let i = 1; i <= rows; i += 1) {
      read += 1;
      yield { _id: `u${String(i)}`, _creationTime: i, image: "x".repeat(lettersEach) };
    }
  })();
  const ctx = {
    db: {
      query: () => ({
        withIndex: (index: string) =>
          index === "by_creation_time" ? users : { first: () => Promise.resolve(note) },
      }),
      patch: () => Promise.resolve(),
    },
    scheduler: { runAfter: (_: number, __: unknown, args: unknown) => void (next = args) },
  };
  await fillShapes(ctx as unknown as Ctx, { table: "user", round: 1 });
  return { read, next };
}

it("a page ends by rows, and earlier where rows are large", async () => {
  expect(await pageOver(300, 10)).toEqual({
    read: 100,
    next: { table: "user", round: 1, after: 100 },
  });
  expect(await pageOver(300, 300_000)).toEqual({
    read: 4,
    next: { table: "user", round: 1, after: 4 },
  });
  expect(await pageOver(3, 10)).toEqual({ read: 3, next: undefined });
});
