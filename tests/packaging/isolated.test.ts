/** The package in an app whose packages see only what they depend on themselves, as with pnpm. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Consumer } from "./consumer.js";
import { installConsumer } from "./consumer.js";

let consumer: Consumer;

beforeAll(async () => {
  consumer = await installConsumer({ strategy: "linked" });
});
afterAll(() => consumer.remove());

it("the install is isolated: what the peers depend on is not in the app's folder", () => {
  const found = ["@better-auth/core", "better-call", "zod", "jose"].filter((name) =>
    existsSync(join(consumer.folder, "node_modules", name)),
  );
  expect(found).toEqual([]);
});

it("the documented set-up compiles, declarations included", async () => {
  const folder = await consumer.use("documented");
  expect(await consumer.exec("tsc", ["-p", folder])).toEqual({ ok: true, output: "" });
});

it("a set-up with ten more plugins compiles", async () => {
  const folder = await consumer.use("plain");
  // Better Auth's `organization()` (1.7.25) infers a type of zod, which a declaration cannot name here, with or without our plugins.
  const outcome = await consumer.exec("tsc", ["-p", folder, "--declaration", "false"]);
  expect(outcome).toEqual({ ok: true, output: "" });
});
