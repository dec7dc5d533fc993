// @vitest-environment node
import { makeFunctionReference } from "convex/server";
import { describe, expect, it } from "vitest";
import { organization, username } from "better-auth/plugins";
import { FunctionError } from "../../../js/cli/import/deployment.js";
import { beginJournal } from "../../../js/cli/import/journal.js";
import { runImport } from "../../../js/cli/import/run.js";
import type { RunOptions } from "../../../js/cli/import/run.js";
import { reportOf, summary } from "../../../js/cli/import/report.js";
import type { Source } from "../../../js/cli/import/source.js";
import { createTally } from "../../../js/cli/import/tally.js";
import type { Tally } from "../../../js/cli/import/tally.js";
import { createTestDeployment } from "./support/deployment.js";
import type { TestDeployment } from "./support/deployment.js";
import { credential, folderOf, rowsSource, sourceOf, user } from "./support/export.js";

let runs = 0;

/** A bcrypt hash of a form that is fine, and of a cost that is not. */
const COSTLY = `$2b$31$${"secret".padEnd(53, "a")}`;

async function imported(
  source: Source,
  deployment: TestDeployment,
  options: Partial<RunOptions> & { dryRun?: boolean } = {},
): Promise<Tally> {
  const tally = createTally();
  const journal = await beginJournal(`${folderOf({})}/state`, {
    source: source.name,
    fingerprint: source.fingerprint,
    deployment: deployment.url,
    run: `run-${String((runs += 1))}`,
  });
  const { dryRun = false, ...rest } = options;
  const done = await runImport({
    source,
    deployment,
    tally,
    ...(dryRun ? {} : { journal }),
    ...rest,
  });
  expect(done).toBe(true);
  return tally;
}

/** Issues without their texts. */
function issues({ issues }: Tally): object[] {
  return issues.map(({ why: _why, ...issue }) => issue);
}

describe("a page of rows", () => {
  it("is written with its ids, once, and a second import changes nothing", async () => {
    const deployment = createTestDeployment();
    const rows = () =>
      rowsSource({
        user: [user("ada"), user("grace", { createdAt: "2023-01-02T03:04:05.000Z", image: null })],
        account: [credential("ada")],
        session: [
          {
            id: "s1",
            userId: "ada",
            token: "token-1",
            expiresAt: 4_000_000_000_000,
            createdAt: 1,
            updatedAt: 1,
          },
        ],
      });
    const first = await imported(rows(), deployment);
    expect(first.counts).toEqual({
      user: { created: 2, unchanged: 0, refused: 0 },
      account: { created: 1, unchanged: 0, refused: 0 },
      session: { created: 1, unchanged: 0, refused: 0 },
    });
    expect(issues(first)).toEqual([]);
    expect(deployment.pages).toEqual([{ rows: 4, dry: false }]);
    const [ada, grace] = (await deployment.rows("user")).sort((a, b) =>
      String(a["id"]).localeCompare(String(b["id"])),
    );
    expect(ada).toMatchObject({ id: "ada", email: "ada@example.com", emailVerified: true });
    expect(grace).toMatchObject({ createdAt: Date.parse("2023-01-02T03:04:05.000Z"), image: null });

    const again = await imported(rows(), deployment);
    expect(again.counts).toEqual({
      user: { created: 0, unchanged: 2, refused: 0 },
      account: { created: 0, unchanged: 1, refused: 0 },
      session: { created: 0, unchanged: 1, refused: 0 },
    });
    expect(await deployment.rows("user")).toHaveLength(2);
  });

  it("leaves out what cannot be there, by name, and says the same in a dry run that writes nothing", async () => {
    const options = {
      plugins: [username()],
      socialProviders: { github: { clientId: "x", clientSecret: "y" } },
    };
    const deployment = createTestDeployment(options);
    await imported(
      rowsSource({
        user: [user("ada", { username: "ada" }), user("changed")],
        account: [credential("ada", { providerId: "github", accountId: "1" })],
      }),
      deployment,
    );
    const stored = JSON.stringify(await deployment.rows("user"));
    const source = () =>
      sourceOf([
        { rows: [{ model: "user", row: user("u1", { email: "One@Example.com" }) }] },
        { rows: [{ model: "user", row: user("u2", { email: "one@example.COM" }) }] },
        { rows: [{ model: "user", row: user("u3", { email: "ADA@example.com" }) }] },
        { rows: [{ model: "user", row: user("u4", { username: "ada" }) }] },
        { rows: [{ model: "user", row: user("changed", { name: "Other", emailVerified: 0 }) }] },
        { rows: [{ model: "user", row: user("u5", { emailVerified: "perhaps" }) }] },
        { rows: [{ model: "user", row: user("u6", { email: undefined }) }] },
        { rows: [{ model: "user", row: user("u7", { plan: "gold", shoeSize: null }) }] },
        { rows: [{ model: "user", row: { ...user("x"), id: 7 as unknown as string } }] },
        { rows: [{ model: "account", row: credential("u1") }] },
        { rows: [{ model: "account", row: credential("u2") }] },
        {
          rows: [
            {
              model: "account",
              row: credential("u7", { providerId: "github", accountId: "1", password: null }),
            },
          ],
        },
        {
          rows: [
            {
              model: "account",
              row: credential("u1", {
                id: "a8",
                providerId: "myspace",
                accountId: "9",
                password: null,
              }),
            },
          ],
        },
        {
          rows: [{ model: "account", row: credential("ada", { password: COSTLY }) }],
        },
        {
          rows: [
            {
              model: "session",
              row: { id: "old", userId: "ada", token: "secret-token", expiresAt: 5 },
            },
          ],
        },
        { rows: [{ model: "robots", row: { id: "r" } }] },
        { rows: [{ model: "jwks", row: { id: "k", privateKey: "secret-key" } }] },
        { rows: [], dropped: [{ model: "user", code: "NO_EMAIL", why: "no address", id: "u9" }] },
      ]);
    const expected = {
      counts: {
        user: { created: 2, unchanged: 0, refused: 7 },
        account: { created: 2, unchanged: 0, refused: 3 },
        session: { created: 0, unchanged: 0, refused: 1 },
        robots: { created: 0, unchanged: 0, refused: 1 },
        jwks: { created: 0, unchanged: 0, refused: 1 },
      },
      issues: [
        {
          kind: "note",
          code: "EMAIL_LOWERCASE",
          model: "user",
          field: "email",
          count: 1,
          ids: ["u1"],
        },
        {
          kind: "refused",
          code: "DUPLICATE",
          model: "user",
          field: "email",
          count: 2,
          ids: [
            { id: "u2", other: "u1" },
            { id: "u3", other: "ada" },
          ],
        },
        {
          kind: "refused",
          code: "DUPLICATE",
          model: "user",
          field: "username",
          count: 1,
          ids: [{ id: "u4", other: "ada" }],
        },
        {
          kind: "refused",
          code: "DIFFERENT",
          model: "user",
          field: "emailVerified, name",
          count: 1,
          ids: ["changed"],
        },
        {
          kind: "refused",
          code: "INVALID_VALUE",
          model: "user",
          field: "emailVerified",
          count: 1,
          ids: ["u5"],
        },
        {
          kind: "refused",
          code: "REQUIRED_MISSING",
          model: "user",
          field: "email",
          count: 1,
          ids: ["u6"],
        },
        {
          kind: "note",
          code: "UNKNOWN_FIELD",
          model: "user",
          field: "plan",
          count: 1,
          ids: ["u7"],
        },
        { kind: "refused", code: "ID_MISSING", model: "user", count: 1, ids: [] },
        {
          kind: "refused",
          code: "REFERENCE_MISSING",
          model: "account",
          field: "userId",
          count: 1,
          ids: ["account-u2"],
        },
        {
          kind: "refused",
          code: "DUPLICATE",
          model: "account",
          field: "providerId, accountId",
          count: 1,
          ids: [{ id: "account-u7", other: "account-ada" }],
        },
        {
          kind: "note",
          code: "UNKNOWN_PROVIDER",
          model: "account",
          value: "myspace",
          count: 1,
          ids: ["a8"],
        },
        {
          kind: "refused",
          code: "PASSWORD_REFUSED",
          model: "account",
          field: "password",
          count: 1,
          ids: ["account-ada"],
        },
        { kind: "refused", code: "EXPIRED", model: "session", count: 1, ids: ["old"] },
        { kind: "refused", code: "UNKNOWN_MODEL", model: "robots", count: 1, ids: ["r"] },
        { kind: "refused", code: "NOT_CARRIED", model: "jwks", count: 1, ids: ["k"] },
        { kind: "dropped", code: "NO_EMAIL", model: "user", count: 1, ids: ["u9"] },
      ],
    };

    for (const mostRows of [2, 400]) {
      const dry = await imported(source(), deployment, { dryRun: true, mostRows });
      expect({ counts: dry.counts, issues: issues(dry) }).toEqual(expected);
      expect(JSON.stringify(await deployment.rows("user"))).toBe(stored);
    }
    expect(deployment.pages.some(({ dry }) => dry)).toBe(true);
    const real = await imported(source(), deployment, { mostRows: 3 });
    expect({ counts: real.counts, issues: issues(real) }).toEqual(expected);
    expect((await deployment.rows("user")).map(({ id }) => id).sort()).toEqual([
      "ada",
      "changed",
      "u1",
      "u7",
    ]);
    const report = reportOf(real, {
      source: "better-auth",
      deployment: deployment.url,
      dryRun: false,
      complete: true,
      warnings: [],
    });
    expect(JSON.stringify(report) + summary(report)).not.toMatch(/secret|\$2b\$31|example\.com"/);
    expect(summary(report)).toContain("a bcrypt cost of 31");
  });

  it("is a function that no client can call, and says nothing of rows that it cannot read", async () => {
    const { t, importPage } = createTestDeployment();
    expect((importPage as { isInternal?: boolean }).isInternal).toBe(true);
    const reference = makeFunctionReference<"mutation">("auth:importPage");
    const error: unknown = await t
      .mutation(reference, { rows: "secret" })
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("INVALID_ARGUMENT");
    expect(String(error)).not.toContain("secret");
  });

  it("takes rows of the app's plugins, under the names that the app gave columns", async () => {
    const deployment = createTestDeployment({
      plugins: [organization()],
      user: { fields: { name: "displayName" } },
    });
    const rows = () =>
      rowsSource({
        user: [user("ada")],
        organization: [{ id: "o", name: "O", slug: "o", createdAt: 1, metadata: "{}" }],
        member: [{ id: "m", userId: "ada", organizationId: "o", role: "owner", createdAt: 1 }],
      });
    const first = await imported(rows(), deployment);
    expect(issues(first)).toEqual([]);
    expect(await deployment.rows("user")).toEqual([
      expect.objectContaining({ displayName: "ada", gateShape: ["name displayName name"] }),
    ]);
    expect(await deployment.rows("member")).toHaveLength(1);
    expect((await imported(rows(), deployment)).counts["user"]).toMatchObject({ unchanged: 1 });
  });

  it("is halved until the deployment can take it, and a single row that is too much stops the import", async () => {
    const deployment = createTestDeployment();
    const { page } = deployment;
    const tooMuch = (most: number): TestDeployment => ({
      ...deployment,
      async page(rows, name) {
        if ((JSON.parse(rows) as unknown[]).length > most) throw functionError();
        return page(rows, name);
      },
    });
    const users = Array.from({ length: 10 }, (_each, index) => user(`u${String(index)}`));
    const tally = await imported(rowsSource({ user: users }), tooMuch(3));
    expect(tally.counts["user"]).toEqual({ created: 10, unchanged: 0, refused: 0 });
    expect(deployment.pages.map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 2]);
    await expect(imported(rowsSource({ user: users }), tooMuch(0))).rejects.toThrow(/too much/);
  });
});

function functionError(): Error {
  return new FunctionError("Too many reads in a single function execution: too much");
}
