/** The component where Convex's limits hold: what they refuse is an error with a code, and a 413 to a client. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SessionsApp } from "./sessions-app.js";
import { startSessionsApp } from "./sessions-app.js";

let app: SessionsApp;
let client: ConvexHttpClient;
beforeAll(async () => {
  app = await startSessionsApp("limits");
  client = new ConvexHttpClient(app.host.url, { logger: false });
});
afterAll(() => app.close());

type Row = Record<string, unknown>;
const write = (name: string, args: object): Promise<unknown> =>
  client.mutation(makeFunctionReference<"mutation">("rows:write"), { name, args } as never);
const read = (name: string, args: object): Promise<unknown> =>
  client.query(makeFunctionReference<"query">("rows:read"), { name, args } as never);
const coded = (code: string, meta: object): object => ({
  data: expect.objectContaining({ code, meta }) as object,
});
const large = (bytes: number): string => "x".repeat(bytes);

it("a row past 1 MiB is refused, in one piece or by what is in it already", async () => {
  const tooLarge = coded("VALUE_TOO_LARGE", { model: "note" });
  const note = (id: string, text: unknown): object => ({ model: "note", data: { id, text } });
  await expect(write("create", note("n", large(1 << 20)))).rejects.toMatchObject(tooLarge);
  let deep: unknown = 1;
  for (let level = 0; level < 16; level += 1) deep = [deep];
  await expect(write("create", note("n", deep))).rejects.toMatchObject(tooLarge);
  expect(await read("count", { model: "note" })).toBe(0);

  await write("create", note("n", large(600_000)));
  const where = [{ field: "_id", value: "n" }];
  const grown = { model: "note", where, update: { more: large(600_000) } };
  await expect(write("updateOne", grown)).rejects.toMatchObject(tooLarge);
  expect(Object.keys((await read("findOne", { model: "note", where })) as Row).sort()).toEqual([
    "_id",
    "id",
    "text",
  ]);
});

it("and answers 413 where it comes from a request", async () => {
  const { browser, userId } = await app.signUp("large");
  expect((await browser.post("/update-user", { image: large(600_000) })).status).toBe(200);
  const { status, body } = await browser.post("/update-user", { name: large(600_000) });
  expect([status, body]).toMatchObject([413, { code: "VALUE_TOO_LARGE" }]);
  const where = [{ field: "id", value: userId }];
  expect(await read("findOne", { model: "user", where })).toMatchObject({ name: "large" });
});

it("a direct call that deletes all but one leaves that one", async () => {
  for (const id of ["a", "b", "c"]) await write("create", { model: "own", data: { id } });
  const [first] = (await read("findMany", { model: "own" })) as [{ _id: string }];
  const where = [{ field: "_id", operator: "ne", value: first._id }];
  expect(await write("deleteMany", { model: "own", where })).toBe(2);
  expect(await read("findMany", { model: "own" })).toEqual([{ _id: "a", id: "a" }]);
});

it("a filter without a value is refused", async () => {
  const args = { model: "own", where: [{ field: "name" }] };
  await expect(write("deleteMany", args)).rejects.toMatchObject(
    coded("UNSUPPORTED_VALUE", { field: "name" }),
  );
});
