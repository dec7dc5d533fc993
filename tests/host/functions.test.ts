import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost, Signer } from "./support/fixture-host.js";
import { createSigner, eventually, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;
let signer: Signer;

beforeAll(async () => {
  signer = await createSigner("ES256");
  host = await startFixture({ LOCAL_JWKS: signer.jwks, APP_VARIABLE: "app only" });
});
afterAll(() => host.close());

const query = (name: string, args: object = {}, token?: string): Promise<unknown> =>
  host.http(token).query(makeFunctionReference<"query">(name), args as never);
const mutate = (name: string, args: object = {}, token?: string): Promise<unknown> =>
  host.http(token).mutation(makeFunctionReference<"mutation">(name), args as never);
const act = (name: string, args: object = {}): Promise<unknown> =>
  host.http().action(makeFunctionReference<"action">(name), args as never);

describe("data", () => {
  test("what a mutation wrote, a query reads", async () => {
    await mutate("messages:send", { room: "data", text: "one" });
    expect(await query("messages:list", { room: "data" })).toEqual(["one"]);
  });

  test("a failed mutation leaves nothing and gives its ConvexError's data", async () => {
    const failure = await mutate("messages:sendAndFail", { room: "failed" }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConvexError);
    expect((failure as ConvexError<never>).data).toEqual({ code: "REFUSED", at: 7n });
    expect(await query("messages:list", { room: "failed" })).toEqual([]);
  });

  test("a caught failure of a component's mutation undoes only that one", async () => {
    expect(await mutate("messages:caughtComponentFailure", { note: "undone" })).toEqual({
      caught: { data: { code: "REFUSED", note: "undone" }, isError: true },
      notes: ["kept"],
    });
  });

  test("a mutation that fails undoes its component's writes too", async () => {
    await expect(mutate("messages:noteTwice", { note: "gone", fail: true })).rejects.toThrow(
      /after both/,
    );
    await mutate("messages:noteTwice", { note: "stays", fail: false });
    const { ledger } = (await query("messages:notes")) as { ledger: string[] };
    expect([ledger.includes("gone"), ledger.includes("stays")]).toEqual([false, true]);
    expect(await query("messages:list", { room: "gone" })).toEqual([]);
  });

  test("a transaction may not grow without end", async () => {
    const filled = (): Promise<unknown> => query("messages:list", { room: "filled" });
    await expect(mutate("messages:fill", { documents: 20, bytes: 900_000 })).rejects.toThrow(
      /limit|too many|too large/i,
    );
    expect(await filled()).toEqual([]);
    await mutate("messages:fill", { documents: 2, bytes: 900_000 });
    expect(await filled()).toHaveLength(2);
  });

  test("an action reaches the database through its own functions", async () => {
    expect(await act("messages:sendFromAction", { room: "act", text: "x" })).toEqual(["x"]);
  });

  test("a scheduled function runs", async () => {
    await mutate("messages:sendSoon", { room: "soon", text: "later" });
    await eventually("the scheduled message", async () =>
      ((await query("messages:list", { room: "soon" })) as string[]).length === 1
        ? true
        : undefined,
    );
  });

  test("concurrent calls all happen", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => String(i));
    await Promise.all(texts.map((text) => mutate("messages:send", { room: "many", text })));
    const seen = (await query("messages:list", { room: "many" })) as string[];
    expect(seen.sort()).toEqual(texts.sort());
  });

  test("arguments are validated", async () => {
    const validator = "v.object({room: v.string(), text: v.string()})";
    const refusal = (args: object): Promise<string> =>
      mutate("messages:send", args).then(
        () => "taken",
        (error: unknown) => (error as Error).message.split("Server Error\n")[1] ?? "",
      );
    expect(await refusal({ room: 1, text: "x" })).toBe(
      "ArgumentValidationError: Value does not match validator.\nPath: .room\nValue: 1.0\nValidator: v.string()",
    );
    expect(await refusal({ text: "x" })).toBe(
      `ArgumentValidationError: Object is missing the required field \`room\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.\n\nObject: {text: "x"}\nValidator: ${validator}`,
    );
    expect(await refusal({ room: "r", text: "x", more: [true] })).toBe(
      `ArgumentValidationError: Object contains extra field \`more\` that is not in the validator.\n\nObject: {more: [true], room: "r", text: "x"}\nValidator: ${validator}`,
    );
  });

  test("return values are validated, before anything is committed", async () => {
    await expect(query("messages:inComponent", { name: "promised" })).rejects.toThrow(
      /ReturnsValidationError: Value does not match validator\.\n\nValue: 1\.0\nValidator: v\.string\(\)/,
    );
    await expect(mutate("messages:sendAndBreakPromise", { room: "promised" })).rejects.toThrow(
      /ReturnsValidationError/,
    );
    expect(await query("messages:list", { room: "promised" })).toEqual([]);
  });
});

describe("visibility", () => {
  test("internal and component functions cannot be called from outside", async () => {
    await expect(mutate("messages:hidden")).rejects.toThrow(/Could not find public function/);
    await expect(query("ledger/entries:list")).rejects.toThrow(/Could not find public function/);
    await expect(query("entries:list")).rejects.toThrow(/Could not find public function/);
  });

  test("a function runs only as what it is", async () => {
    await expect(query("messages:send", { room: "a", text: "b" })).rejects.toThrow(
      "Trying to execute messages.js:send as Query, but it is defined as Mutation.",
    );
  });
});

describe("the component boundary", () => {
  interface Surroundings {
    callTime: number;
    component: { callTime: number };
  }

  test("identity crosses it, the app's variables do not", async () => {
    const token = await signer.sign({ name: "Ada" });
    expect(await query("messages:surroundings", {}, token)).toMatchObject({
      identity: { subject: "user-1", name: "Ada" },
      appVariable: "app only",
      component: { identity: { subject: "user-1" }, appVariable: null, siteUrl: host.siteUrl },
    });
  });

  test("a variable crosses where app.use binds it", async () => {
    expect(await query("messages:surroundings")).toMatchObject({
      component: { label: null, fixed: null },
      second: { appVariable: null, label: "app only", fixed: "a text" },
    });
  });

  test("two installations of one component share nothing", async () => {
    await mutate("messages:noteTwice", { note: "first's", fail: false });
    const notes = (await query("messages:notes")) as { ledger: string[]; second: string[] };
    expect(notes.ledger).toContain("first's");
    expect(notes.second).toEqual([]);
  });

  test("what a query calls sees the query's time", async () => {
    const { callTime, component } = (await query("messages:surroundings")) as Surroundings;
    expect(component.callTime).toBe(callTime);
  });

  test("there is no pagination behind it", async () => {
    await expect(query("messages:inComponent", { name: "page" })).rejects.toThrow(
      "paginate() is only supported in the app. Learn more at",
    );
  });
});

describe("what the host tells", () => {
  test("log lines carry the function's name", async () => {
    await mutate("messages:send", { room: "log", text: "x" });
    expect(host.lines).toContain("[messages:send] sending { room: 'log' }");
  });

  test("calls, rows read and clock reads are counted", async () => {
    for (const text of ["1", "2", "3"]) await mutate("messages:send", { room: "count", text });
    host.metrics.reset();
    await query("messages:list", { room: "count" });
    await query("messages:surroundings");
    await query("probes:inQuery", { name: "random" });
    await act("probes:inAction", { name: "clockStandsStill" });
    const { calls, componentCalls } = host.metrics.snapshot();
    const seen = calls.map((call) => [
      call.component,
      call.function,
      call.documentsRead,
      call.clockReads,
    ]);
    expect(seen).toEqual([
      ["", "messages:list", 3, 0],
      ["", "messages:surroundings", 0, 1],
      ["ledger", "entries:surroundings", 0, 1],
      ["second", "entries:surroundings", 0, 1],
      ["", "probes:inQuery", 0, 0],
      ["", "probes:inAction", 0, 2],
    ]);
    expect(componentCalls.map((call) => call.component)).toEqual(["ledger", "second"]);
    expect(calls.every(({ evaluatedBytes }) => evaluatedBytes > 1000)).toBe(true);
  });
});

test("new variables are seen by the next call", async () => {
  await host.setEnv({ APP_VARIABLE: "changed" });
  expect(await query("messages:surroundings")).toMatchObject({
    appVariable: "changed",
    second: { label: "changed" },
  });
});
