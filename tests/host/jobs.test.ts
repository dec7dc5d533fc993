/** Cron jobs, and actions that run in Node. */
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FixtureHost } from "./support/fixture-host.js";
import { createSigner, eventually, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;

beforeAll(async () => {
  const { jwks } = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: jwks, APP_VARIABLE: "seen in Node", PULSE: "on" });
});
afterAll(() => host.close());

const list = (room: string): Promise<string[]> =>
  host.http().query(makeFunctionReference<"query">("messages:list"), { room }) as never;

test("a cron job with an interval runs by itself", async () => {
  await eventually("a beat", async () => ((await list("pulse")).length > 0 ? true : undefined));
});

test("others run when they are asked for, a component's too", async () => {
  await host.runCron("sweep");
  expect(await list("swept")).toEqual(["clean"]);
  await host.runCron("entry of the hour", "ledger");
  const notes = makeFunctionReference<"query">("messages:notes");
  expect(await host.http().query(notes, {})).toEqual({ ledger: ["hourly"], second: [] });
  await expect(host.runCron("nothing")).rejects.toThrow("there is no cron job nothing");
});

test("an action of a module for Node has Node, and calls other functions", async () => {
  const digest = makeFunctionReference<"action">("native:digest");
  const answer = {
    room: "2cf24dba",
    texts: ["hello"],
    buffer: "function",
    variable: "seen in Node",
    global: "seen in Node",
    calls: 1,
  };
  expect(await host.http().action(digest, { text: "hello" })).toEqual(answer);
  const [record] = host.metrics
    .snapshot()
    .calls.filter((call) => call.function === "native:digest");
  expect(record).toMatchObject({ kind: "action" });
  await expect(host.http().action(digest, {})).rejects.toThrow(/ArgumentValidationError/);
});
