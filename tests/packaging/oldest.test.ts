/** The oldest versions of the peers that the package admits: set-ups compile, and the whole flow runs on the local host. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkPushRequest } from "../e2e/local-deployment.js";
import { bundleApp } from "../host/index.js";
import type { Consumer } from "./consumer.js";
import { installConsumer } from "./consumer.js";

let consumer: Consumer;
let oldest: Record<string, string>;

beforeAll(async () => {
  oldest = await oldestPeers();
  consumer = await installConsumer({ versions: oldest });
});
afterAll(() => consumer.remove());

it("the app has the oldest versions", async () => {
  for (const [name, version] of Object.entries(oldest)) {
    const manifest = await readFile(
      join(consumer.folder, "node_modules", name, "package.json"),
      "utf8",
    );
    expect((JSON.parse(manifest) as { version: string }).version).toBe(version);
  }
});

it.each(["documented", "plain"])("the set-up `%s` compiles", async (name) => {
  const folder = await consumer.use(name);
  expect(await consumer.exec("tsc", ["-p", folder])).toEqual({ ok: true, output: "" });
});

it("the documented set-up goes through the whole flow", async () => {
  const request = await bundleApp(await consumer.use("documented"));
  const results = await checkPushRequest(request, () => undefined);
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
});

/** The lower ends of the ranges that package.json gives for better-auth and convex. */
async function oldestPeers(): Promise<Record<string, string>> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { peerDependencies } = JSON.parse(manifest) as { peerDependencies: Record<string, string> };
  return Object.fromEntries(
    ["better-auth", "convex"].map((name) => {
      const [, version] = /^>=(\S+)/.exec(peerDependencies[name] ?? "") ?? [];
      if (version === undefined) throw new Error(`no lower end for ${name}`);
      return [name, version];
    }),
  );
}
