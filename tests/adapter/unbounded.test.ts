/** Numbers that a URL or an option gives, which no table reaches: lists are cut by them, and counts compared with them. */
import type { BetterAuthOptions } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { admin, organization } from "better-auth/plugins";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentApp } from "../support/component-app.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { plainPasswords } from "../plugins/support/app.js";

const at = new Date(1_700_000_000_000);
let harness: ComponentHarness;
let adapter: DBAdapter;

const make = (options: BetterAuthOptions = {}): DBAdapter =>
  createConvexGateAdapter({ store: harness.store() })(options);

beforeEach(async () => {
  harness = createComponentHarness();
  adapter = make();
  for (const name of ["a", "b", "c"]) {
    const email = `${name}@example.com`;
    const data = { id: name, name, email, emailVerified: false, createdAt: at, updatedAt: at };
    await adapter.create({ model: "user", data, forceAllowId: true });
  }
});

describe("as a number of rows", () => {
  it.each([
    [2 ** 32, 3],
    [Number.MAX_SAFE_INTEGER, 3],
    [Infinity, 3],
    [2.5, 2],
    [NaN, 0],
    [-1, 3],
    [-Infinity, 3],
    [-0.5, 0],
  ])("limit %d", async (limit, rows) => {
    expect(await adapter.findMany({ model: "user", limit })).toHaveLength(rows);
  });

  it.each([
    [2 ** 32, 0],
    [Infinity, 0],
    [1.5, 2],
    [-1, 3],
    [-0.5, 3],
  ])("offset %d", async (offset, rows) => {
    expect(await adapter.findMany({ model: "user", offset })).toHaveLength(rows);
  });

  it.each([2 ** 32, Infinity])("limit %d of a join", async (limit) => {
    const where = [{ field: "id", value: "a" }];
    const found = await adapter.findOne({ model: "user", where, join: { session: { limit } } });
    expect(found).toMatchObject({ id: "a", session: [] });
  });

  it("the app's own default", async () => {
    const database = { defaultFindManyLimit: Number.MAX_SAFE_INTEGER };
    expect(await make({ advanced: { database } }).findMany({ model: "user" })).toHaveLength(3);
  });
});

it("infinities compare with the numbers of rows, and no row takes one", async () => {
  const limits = make({ rateLimit: { storage: "database" } });
  await limits.create({ model: "rateLimit", data: { key: "k", count: 3, lastRequest: 5 } });
  const count = (operator: "lt" | "gt" | "eq", value: number): Promise<number> =>
    limits.count({ model: "rateLimit", where: [{ field: "count", operator, value }] });
  expect(await count("lt", Infinity)).toBe(1);
  expect(await count("gt", Infinity)).toBe(0);
  expect(await count("gt", -Infinity)).toBe(1);
  expect(await count("eq", Infinity)).toBe(0);
  await expect(count("lt", NaN)).rejects.toMatchObject({ code: "UNSUPPORTED_VALUE" });
  const where = [{ field: "key", value: "k" }];
  const update = { count: Infinity };
  const refused = limits.update({ model: "rateLimit", where, update });
  await expect(refused).rejects.toMatchObject({ code: "UNSUPPORTED_VALUE" });
});

describe("in Better Auth's plugins", () => {
  const emailAndPassword = { enabled: true, password: plainPasswords };
  const asked = async (
    browser: ReturnType<ReturnType<typeof createComponentApp>["browser"]>,
    path: string,
    body?: object,
  ) => {
    const response = await browser.request(path, body && { body });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const ada = { name: "Ada", email: "ada@example.com", password: "correct horse" };

  it.each([Number.MAX_SAFE_INTEGER, Infinity])("membershipLimit: %d", async (membershipLimit) => {
    const app = createComponentApp({
      options: { emailAndPassword },
      plugins: [organization({ membershipLimit })],
    });
    const browser = app.browser();
    await asked(browser, "/sign-up/email", ada);
    const made = await asked(browser, "/organization/create", { name: "O", slug: "o" });
    expect(made.status).toBe(200);
    const members = await asked(browser, "/organization/list-members");
    expect(members).toMatchObject({ status: 200, json: { total: 1 } });
    expect((await asked(browser, "/organization/get-full-organization")).status).toBe(200);
  });

  it("maximumMembersPerTeam: Infinity", async () => {
    const teams = { enabled: true, maximumMembersPerTeam: Infinity };
    const app = createComponentApp({
      options: { emailAndPassword },
      plugins: [organization({ teams })],
    });
    const browser = app.browser();
    const { json: signedUp } = await asked(browser, "/sign-up/email", ada);
    await asked(browser, "/organization/create", { name: "O", slug: "o" });
    const { json: team } = await asked(browser, "/organization/create-team", { name: "T" });
    const body = { teamId: team["id"], userId: (signedUp["user"] as { id: string }).id };
    expect((await asked(browser, "/organization/add-team-member", body)).status).toBe(200);
  });

  it.each(["limit=5000000000", "limit=2.5", "limit=Infinity"])("list-users?%s", async (query) => {
    const app = createComponentApp({
      options: {
        emailAndPassword,
        databaseHooks: {
          user: {
            create: { before: (user) => Promise.resolve({ data: { ...user, role: "admin" } }) },
          },
        },
      },
      plugins: [admin()],
    });
    const browser = app.browser();
    await asked(browser, "/sign-up/email", ada);
    const { json } = await asked(browser, `/admin/list-users?${query}`);
    expect(json).toMatchObject({ total: 1, users: [{ email: "ada@example.com" }] });
  });
});
