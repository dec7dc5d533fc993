/** What Convex refuses by size, shape or name, with the words that it uses. */
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixtureHost } from "./support/fixture-host.js";
import { createSigner, startFixture } from "./support/fixture-host.js";

let host: FixtureHost;

beforeAll(async () => {
  host = await startFixture({
    LOCAL_JWKS: (await createSigner("ES256")).jwks,
    APP_VARIABLE: "app only",
  });
});
afterAll(() => host.close());

const query = (name: string, args: object): Promise<unknown> =>
  host.http().query(makeFunctionReference<"query">(`limits:${name}`), args as never);
const store = (kind: string, count: number, field = "value", table = "stored"): Promise<unknown> =>
  host.http().mutation(makeFunctionReference<"mutation">("limits:store"), {
    table,
    field,
    shape: { kind, count },
  });

/** Each limit with the last that is allowed, the first that is not, and what is said of it. */
const shapes = [
  ["list", 8_192, 8_193, "Array length is too long (8193 > maximum length 8192)"],
  ["fields", 1_024, 1_025, "Object has too many fields (1025 > maximum number 1024)"],
  ["nested", 64, 65, "Value is too nested (nested 65 levels deep > maximum nesting 64)"],
] as const;

describe("a value", () => {
  test.each(shapes)("that is returned: %s", async (kind, most, tooMuch, words) => {
    await query("give", { shape: { kind, count: most } });
    await expect(query("give", { shape: { kind, count: tooMuch } })).rejects.toThrow(
      `Function limits.js:give return value invalid: ${words}`,
    );
  });

  test.each(shapes)("that one function passes to another: %s", async (kind, most, more, words) => {
    // The arguments are levels of their own.
    const levels = kind === "nested" ? 2 : 0;
    await query("pass", { shape: { kind, count: most - levels } });
    await expect(query("pass", { shape: { kind, count: more } })).rejects.toThrow(
      `Invalid argument \`args\` for \`runUdf\`: ${words}`,
    );
  });

  test("that a client sends", async () => {
    await expect(query("take", { value: Array(8_193).fill(0) })).rejects.toThrow(
      "Invalid arguments for limits.js:take: Array length is too long (8193 > maximum length 8192)",
    );
  });

  test("of more than 16 MiB", async () => {
    await query("give", { shape: { kind: "texts", count: 15 } });
    await expect(query("give", { shape: { kind: "texts", count: 16 } })).rejects.toThrow(
      "Function limits.js:give return value is too large (actual: 16.00 MiB, limit: 16 MiB)",
    );
    await expect(query("pass", { shape: { kind: "texts", count: 17 } })).rejects.toThrow(
      "Arguments for limits.js:inner are too large (actual: 17.00 MiB, limit: 16 MiB)",
    );
  });
});

describe("a document", () => {
  test("of more than 1 MiB, at once or by a change", async () => {
    const words = "Value is too large (1.00 MiB > maximum size 1 MiB)";
    await store("text", 1_000_000);
    await expect(store("text", 1 << 20)).rejects.toThrow(words);
    const grow = (bytes: number): Promise<unknown> =>
      host.http().mutation(makeFunctionReference<"mutation">("limits:grow"), { bytes });
    await grow(500_000);
    await expect(grow(524_288)).rejects.toThrow(words);
  });

  test("deeper than 16 levels", async () => {
    await store("nested", 15);
    await expect(store("nested", 16)).rejects.toThrow(
      "Document is too nested (nested 17 levels deep > maximum nesting 16)",
    );
  });

  test("with a list of more than 8,192", async () => {
    await expect(store("list", 8_193)).rejects.toThrow(
      "Invalid argument `value` for `db.insert`: Array length is too long (8193 > maximum length 8192)",
    );
  });

  test.each([
    ["of a dollar", "$ref", "Field name $ref starts with"],
    ["of another alphabet", "größe", "Field names can only contain non-control ASCII characters"],
    ["of great length", "x".repeat(1_025), "exceeds maximum field name length 1024"],
    ["of Convex's own", "_own", "Field '_own' starts with an underscore, which is only allowed"],
  ])("with a field name %s", async (_kind, field, words) => {
    await expect(store("text", 1, field)).rejects.toThrow(words);
  });
});

describe("a table", () => {
  test.each([
    ["a digit", "1st", "Invalid first character '1' in 1st: Identifiers must start with an"],
    ["a hyphen", "a-b", "Identifier a-b has invalid character '-': Identifiers can only contain"],
    ["great length", "x".repeat(65), "Identifier is too long (65 > maximum 64)"],
    ["no letter", "", "Identifier cannot be empty"],
  ])("with a name of %s", async (_kind, table, words) => {
    await store("text", 1, "value", "x".repeat(64));
    await expect(store("text", 1, "value", table)).rejects.toThrow(
      `Invalid argument \`table\` for \`db.insert\`: ${words}`,
    );
  });

  test("of Convex's own", async () => {
    await expect(store("text", 1, "value", "_own")).rejects.toThrow("are read-only");
  });
});

describe("a transaction", () => {
  const mutate = (name: string, count: number): Promise<unknown> =>
    host.http().mutation(makeFunctionReference<"mutation">(`limits:${name}`), { count });

  test("changes as many documents as it may read intervals, and no more", async () => {
    await mutate("plant", 4_100);
    // One interval is the range that finds them; a second change of a document is no second one.
    expect(await mutate("change", 100)).toMatchObject({ intervals: 101 });
    await mutate("change", 4_095);
    await expect(mutate("change", 4_096)).rejects.toThrow(
      "Too many reads in a single function execution (limit: 4096). Consider using smaller limits in your queries,",
    );
  });

  test("counts what it changes among the documents read", async () => {
    expect(await mutate("change", 10)).toMatchObject({ documents: 10 + 2 * 10 });
  });
});

describe("actions", () => {
  test("no more than 64 at once", async () => {
    const sleep = makeFunctionReference<"action">("limits:sleep");
    const began = performance.now();
    const ends = await Promise.all(
      Array.from({ length: 65 }, async () => {
        await host.http().action(sleep, { ms: 500 });
        return performance.now() - began;
      }),
    );
    // The last one began when the first was over.
    expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(400);
  });
});
