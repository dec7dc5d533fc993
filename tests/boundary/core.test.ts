/** The request loop over the built wasm: what happens when a side of the boundary misbehaves. */
import type { AnyDataModel, GenericDatabaseWriter } from "convex/server";
import { describe, expect, it } from "vitest";
import { isGateError } from "../../js/errors/index.js";
import { liveOperations, runOperation } from "../../js/wasm/core.js";
import { createGlue } from "../../js/wasm/generated/core-glue.js";
import { bytes } from "../../js/wasm/generated/core-bytes.js";
import { lazy } from "../../js/wasm/load.js";

type Database = GenericDatabaseWriter<AnyDataModel>;

/** A database that gives these rows to every scan and counts how many were taken. */
function rowsOnly(rows: Record<string, unknown>[]) {
  const counted = { taken: 0, ended: 0 };
  const query = {
    withIndex: () => query,
    order: () => query,
    [Symbol.asyncIterator]: () => {
      let next = 0;
      return {
        next: () => {
          const value = rows[next];
          next += 1;
          if (value !== undefined) counted.taken += 1;
          return Promise.resolve({ done: value === undefined, value });
        },
        return: () => {
          counted.ended += 1;
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
  const database = { query: () => query } as unknown as Database;
  return { database, counted };
}

const findUser = { findOne: { model: "user", where: [{ field: "email", value: "a" }] } };

describe("the request loop", () => {
  it("takes no row more than the operation needs, and ends the scan", async () => {
    const row = { _id: "1", _creationTime: 1, id: "x", email: "a" };
    const { database, counted } = rowsOnly([row, { ...row, _id: "2" }]);
    expect(await runOperation(database, findUser)).toEqual({ _id: "x", id: "x", email: "a" });
    expect(counted).toEqual({ taken: 1, ended: 1 });
    expect(liveOperations()).toBe(0);
  });

  it("takes large rows a few at a time, so that the core can stop after any of them", async () => {
    const row = { _creationTime: 1, expiresAt: 1, value: "a".repeat(1_000_000) };
    const rows = Array.from({ length: 30 }, (_, n) => ({ ...row, _id: String(n), id: String(n) }));
    const { database, counted } = rowsOnly(rows);
    const deleted: string[] = [];
    const writable = {
      ...database,
      insert: () => undefined,
      delete: (id: string) => Promise.resolve(void deleted.push(id)),
    } as unknown as Database;
    const clean = { table: "verification", field: "expiresAt", before: 2, most: 32 };
    const some = { part: 2, next: { checked: true } };
    expect(await runOperation(writable, { clean })).toEqual(some);
    expect(counted).toEqual({ taken: 2, ended: 1 });
    expect(deleted).toEqual(["0", "1"]);
  });

  it("passes a failing database's error on and leaves no operation behind", async () => {
    const failing = {
      query: () => {
        throw new Error("the database is on fire");
      },
    } as unknown as Database;
    await expect(runOperation(failing, findUser)).rejects.toThrow("the database is on fire");
    expect(liveOperations()).toBe(0);
  });

  it("gives faults as errors with code and meta, and leaves no operation behind", async () => {
    const { database } = rowsOnly([]);
    const error = await runOperation(database, {
      findMany: { model: "with-hyphen", where: [] },
    }).catch((each: unknown) => each);
    expect(isGateError(error, "INVALID_NAME")).toBe(true);
    expect(error).toMatchObject({ meta: { name: "with-hyphen" } });
    expect(liveOperations()).toBe(0);
  });

  it("refuses what is no operation without quoting it", async () => {
    const { database } = rowsOnly([]);
    const error = await runOperation(database, { steal: { token: "s3cret" } } as never).catch(
      (each: unknown) => each,
    );
    expect(isGateError(error, "INVALID_ARGUMENT")).toBe(true);
    expect(String(error)).not.toContain("s3cret");
  });

  it("refuses NaN in a filter, naming the field", async () => {
    const { database } = rowsOnly([]);
    const where = [{ field: "age", value: Number.NaN }];
    await expect(
      runOperation(database, { findMany: { model: "user", where } }),
    ).rejects.toMatchObject({ code: "UNSUPPORTED_VALUE", meta: { field: "age" } });
  });

  it("keeps numbers, dates of the year 1, text of any script and nested lists as they are", async () => {
    const row = {
      _id: "1",
      _creationTime: 1.5,
      id: "x",
      email: "a",
      half: 0.1,
      early: -62_135_596_800_000,
      name: 'Zoë 🦆 \u0000 "quoted" \\ \u2028',
      list: [1, "two", [null, true]],
    };
    const { database } = rowsOnly([row]);
    const { _creationTime, ...expected } = row;
    expect(_creationTime).toBe(1.5);
    expect(await runOperation(database, findUser)).toEqual({ ...expected, _id: "x" });
  });

  it("does not grow over ten thousand operations", { timeout: 60_000 }, async () => {
    const { database } = rowsOnly([{ _id: "1", _creationTime: 1, id: "x", email: "a" }]);
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 10_000; round += 1) await runOperation(database, findUser);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(liveOperations()).toBe(0);
  });
});

describe("an instance", () => {
  it("is made once, and a dropped one is replaced by a clean one", () => {
    const core = lazy(bytes, createGlue);
    const first = core.get();
    expect(core.get()).toBe(first);
    first.start('{"count":{"model":"user"}}');
    expect(first.live_tasks()).toBe(1);
    core.drop();
    expect(core.get()).not.toBe(first);
    expect(core.get().live_tasks()).toBe(0);
  });
});
