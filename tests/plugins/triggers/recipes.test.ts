/** The recipes of `docs/triggers.md`, run as they stand on the page. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { blocksOf, repository } from "../../docs/support/blocks.js";
import { createTriggerApp } from "./support/app.js";
import type { AppTriggers } from "./support/app.js";

const folder = join(repository, "tests/output/trigger-recipes");
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A module of the page. What it imports are types, and `convex/values`. */
async function moduleOf(file: string): Promise<Record<string, unknown>> {
  const block = blocksOf("docs/triggers.md").find((each) => each.file === `convex/${file}.ts`);
  if (!block) throw new Error(`the page has no ${file}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${file}.ts`);
  writeFileSync(path, block.code);
  return (await import(/* @vite-ignore */ path)) as Record<string, unknown>;
}

it("profiles follow users, and an address that is invited signs up once", async () => {
  const { triggers } = (await moduleOf("triggers")) as { triggers: AppTriggers };
  const { beforeCreate } = (await moduleOf("allowList")) as AppTriggers[string] & object;
  const app = createTriggerApp({ triggers: { user: { ...triggers.user, beforeCreate } } as never });
  const email = "ada@example.com";

  const refused = await app.browser().signUp(email);
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { code: "NOT_INVITED", message: "Ask for an invitation." },
  ]);
  expect([await app.signedUp(), await app.own("profiles")]).toEqual(["0,0,0", []]);

  await app.t.run((ctx) => ctx.db.insert("invited", { email }));
  const browser = app.browser();
  expect((await browser.signUp(email)).status).toBe(200);
  expect(await app.own("profiles")).toMatchObject([{ name: "ada", image: null }]);
  expect(await app.own("invited")).toEqual([]);

  await browser.request("/update-user", { body: { name: "Lady", image: "lady.png" } });
  expect(await app.own("profiles")).toMatchObject([{ name: "Lady", image: "lady.png" }]);
  await browser.request("/delete-user", { body: { password: "correct horse battery" } });
  expect([await app.signedUp(), await app.own("profiles")]).toEqual(["0,0,0", []]);
  expect((await app.browser().signUp(email)).status).toBe(400);
});
