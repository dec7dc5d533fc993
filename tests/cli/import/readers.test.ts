/** The readers, on the exports that the sources have made and on what may be in others. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../../js/cli/import/fingerprint.js";
import { linesOf } from "../../../js/cli/import/lines.js";
import type { OpenSource } from "../../../js/cli/import/source.js";
import { inImportOrder } from "../../../js/cli/import/source.js";
import { openCba } from "../../../js/cli/import/sources/cba.js";
import { openClerk } from "../../../js/cli/import/sources/clerk.js";
import { openConvexAuth } from "../../../js/cli/import/sources/convex-auth.js";
import { fixtures } from "../../e2e/import/fixture-files.js";
import { convexFolder, folderOf, readAll } from "./support.js";

const fixture = (name: string): string => join(fixtures, name);

describe.each<[string, OpenSource, string]>([
  ["cba", openCba, "cba.zip"],
  ["convex-auth", openConvexAuth, "convex-auth.zip"],
  ["convex-auth 2", openConvexAuth, "convex-auth-2.zip"],
  ["clerk", openClerk, "clerk"],
])("%s", (_, open, name) => {
  it("goes on from any of its positions with the rest", async () => {
    const { records } = await readAll(open, fixture(name));
    expect(records.length).toBeGreaterThan(2);
    for (const [index, { position }] of records.entries()) {
      const rest = await readAll(open, fixture(name), position);
      expect(rest.records).toEqual(records.slice(index + 1));
    }
  });

  it("gives every row an id of its own, and rows after those that they refer to", async () => {
    const { rows } = await readAll(open, fixture(name));
    const ids = rows.map(({ model, row }) => `${model} ${row.id}`);
    expect(new Set(ids).size).toBe(ids.length);
    const models = [...new Set(rows.map(({ model }) => model))];
    expect(models).toEqual(inImportOrder(models));
  });

  it("says of nobody a secret in what is dropped", async () => {
    const { records } = await readAll(open, fixture(name));
    const said = JSON.stringify(records.map(({ dropped }) => dropped));
    for (const { rows } of records)
      for (const { row } of rows)
        for (const field of ["password", "token", "secret", "backupCodes", "accessToken"])
          if (typeof row[field] === "string") expect(said).not.toContain(row[field]);
  });
});

describe("cba", () => {
  it("keeps ids and leaves behind what is of no use here", async () => {
    const { of, dropped } = await readAll(openCba, fixture("cba.zip"));
    const [ada] = of("user");
    expect(ada).toEqual({
      id: expect.any(String),
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
      email: "ada@example.com",
      emailVerified: false,
      name: "ada",
      plan: "pro",
      twoFactorEnabled: false,
    });
    expect(of("account")[0]).toMatchObject({ userId: ada?.id, accountId: ada?.id });
    expect(dropped).toEqual([["jwks", "SIGNING_KEY", 1]]);
  });

  it("reads a component of another name, tables of old versions and rows that lack dates", async () => {
    const folder = convexFolder({
      "shop/auth/user": [{ email: "a@example.com", name: "A", userId: "of the app" }],
      "shop/auth/account": [{ userId: "user0", providerId: "credential", issuer: "local" }],
      "shop/auth/session": [
        { token: "t0", userId: "user0", expiresAt: 1 },
        { token: "t1", userId: "user0", expiresAt: 4_000_000_000_000 },
      ],
      "shop/auth/rateLimit": [{}, {}],
      "shop/auth/verification": [{}],
      "shop/auth/oauthApplication": [{}],
      messages: [{ text: "the app's own" }],
    });
    const { rows, of, dropped } = await readAll(openCba, folder);
    expect(of("user")).toEqual([
      {
        id: "user0",
        email: "a@example.com",
        name: "A",
        userId: "of the app",
        createdAt: 1,
        updatedAt: 1,
      },
    ]);
    expect(of("account")[0]).not.toHaveProperty("issuer");
    expect(of("session").map(({ token }) => token)).toEqual(["t1"]);
    expect(rows).toHaveLength(3);
    expect(dropped).toEqual(
      expect.arrayContaining([
        ["account", "OTHER_VERSION", 1, "issuer"],
        ["session", "EXPIRED", 1],
        ["rateLimit", "COUNTER", 2],
        ["verification", "SHORT_LIVED", 1],
        ["oauthApplication", "OIDC_PROVIDER", 1],
      ]),
    );
    expect(dropped).toHaveLength(5);
  });

  it("keeps values of Convex that JSON has not, and a line that JavaScript would split", async () => {
    const folder = convexFolder({
      "betterAuth/user": [
        {
          name: "one\u2028line",
          visits: { $integer: "BQAAAAAAAAA=" },
          deep: [{ n: { $integer: "BQAAAAAAAAA=" } }],
        },
      ],
      "betterAuth/account": [],
      "betterAuth/session": [],
    });
    const { of } = await readAll(openCba, folder);
    expect(of("user")).toMatchObject([{ name: "one\u2028line", visits: 5, deep: [{ n: 5 }] }]);
  });
});

describe("the order that a deployment tells", () => {
  const order = ["user", "account", "second", "first", "session"];

  it("is that of the tables, and positions count in it", async () => {
    const { openJsonFolder } = await import("../../../js/cli/import/sources/better-auth-json.js");
    const json = folderOf(
      Object.fromEntries(
        ["account", "first", "other", "second", "session", "user"].map((model) => [
          `${model}.jsonl`,
          [{ id: "1" }, { id: "2" }],
        ]),
      ),
    );
    const convex = convexFolder(
      Object.fromEntries(
        ["account", "first", "other", "second", "session", "user"].map((table) => [
          `b/${table}`,
          [{ expiresAt: 4_000_000_000_000 }, {}],
        ]),
      ),
    );
    for (const [open, path] of [
      [openJsonFolder, json],
      [openCba, convex],
    ] as const) {
      const { rows, records } = await readAll(open, path, undefined, order);
      const models = [...order, "other"].flatMap((model) => [model, model]);
      expect(rows.map(({ model }) => model)).toEqual(models);
      for (const [index, { position }] of records.entries()) {
        const rest = await readAll(open, path, position, order);
        expect(rest.records).toEqual(records.slice(index + 1));
      }
    }
  });
});

describe("better-auth", () => {
  it("splits lines where JSON ends, and nowhere else", async () => {
    const { openJsonFolder } = await import("../../../js/cli/import/sources/better-auth-json.js");
    const folder = folderOf({ "user.jsonl": [{ id: "a", name: "one\u2028line" }, { id: "b" }] });
    const { of } = await readAll(openJsonFolder, folder);
    expect(of("user")).toEqual([{ id: "a", name: "one\u2028line" }, { id: "b" }]);
  });
});

it("a file without anything in it is a table without rows, as SQLite prints it", async () => {
  const { openJsonFolder } = await import("../../../js/cli/import/sources/better-auth-json.js");
  const folder = folderOf({ "user.json": '[{"id":"a"}]', "verification.json": "" });
  const { rows } = await readAll(openJsonFolder, folder);
  expect(rows).toEqual([{ model: "user", row: { id: "a" } }]);
});

it("a line that no row can be is not read to its end", async () => {
  let chunks = 0;
  const endless = Readable.from(
    (function* () {
      for (; chunks < 40; chunks += 1) yield "a".repeat(1024 * 1024);
    })(),
  );
  await expect(linesOf(endless).next()).rejects.toMatchObject({ code: "IMPORT_FORM" });
  expect(chunks).toBeLessThan(40);
});

it("an unpacked export is another one once a table in it has changed", async () => {
  const folder = convexFolder({ "b/user": [{}], "b/account": [], "b/session": [] });
  const before = (await readAll(openCba, folder)).source.fingerprint;
  expect((await readAll(openCba, folder)).source.fingerprint).toBe(before);
  appendFileSync(join(folder, "_components/b/user/documents.jsonl"), "\n");
  const after = await fingerprintOf(folder);
  expect(after).not.toBe(before);
});

describe("what is no such export is refused with what to give instead, and without quoting it", () => {
  const secret = "a secret in a row";
  const cut = join(mkdtempSync(join(tmpdir(), "import-")), "cut.zip");
  copyFileSync(fixture("cba.zip"), cut);
  truncateSync(cut, 3000);
  const spoilt = join(mkdtempSync(join(tmpdir(), "import-")), "spoilt.zip");
  const bytes = readFileSync(fixture("cba.zip"));
  bytes.fill(0, 900, 1100);
  writeFileSync(spoilt, bytes);

  it.each<[string, OpenSource, string, string]>([
    ["a path with nothing at it", openCba, "/nowhere/at/all.zip", "IMPORT_FILE"],
    ["another file", openCba, fixture("cba.json"), "IMPORT_FORM"],
    ["half of a ZIP file", openCba, cut, "IMPORT_FORM"],
    ["a ZIP file that was damaged", openCba, spoilt, "IMPORT_FORM"],
    ["the export of another system", openCba, fixture("convex-auth.zip"), "IMPORT_FORM"],
    ["the same the other way round", openConvexAuth, fixture("cba.zip"), "IMPORT_FORM"],
    ["an empty folder", openConvexAuth, folderOf({}), "IMPORT_FORM"],
    ["a folder without CSV or JSON", openClerk, folderOf({ "users.txt": "" }), "IMPORT_FORM"],
    ["two files of a kind", openClerk, folderOf({ "a.csv": "", "b.csv": "" }), "IMPORT_FORM"],
    ["no CSV", openClerk, folderOf({ "a.csv": `id,name\n1,"${secret}` }), "IMPORT_FORM"],
    ["no JSON", openClerk, folderOf({ "a.json": `[{"id": ${secret}}]` }), "IMPORT_FORM"],
    ["no list", openClerk, folderOf({ "a.json": `{"id": "${secret}"}` }), "IMPORT_FORM"],
    ["a list of something else", openClerk, folderOf({ "a.json": "[null]" }), "IMPORT_FORM"],
    ["users without ids", openClerk, folderOf({ "a.csv": `name\n${secret}` }), "IMPORT_FORM"],
    [
      "a table that ends within a row",
      openCba,
      folderOf({
        "_components/b/user/documents.jsonl": `{"_id":"a","_creationTime":1}\n{"_id":"${secret}`,
        "_components/b/account/documents.jsonl": "",
        "_components/b/session/documents.jsonl": "",
      }),
      "IMPORT_FORM",
    ],
    [
      "an export of this package",
      openCba,
      convexFolder({ "b/user": [{ id: "a" }], "b/account": [], "b/session": [] }),
      "IMPORT_FORM",
    ],
    [
      "two components that might be it",
      openCba,
      convexFolder(
        Object.fromEntries(
          ["a", "b"].flatMap((one) =>
            ["user", "account", "session"].map((table) => [`${one}/${table}`, []]),
          ),
        ),
      ),
      "IMPORT_FORM",
    ],
  ])("%s", async (_, open, path, code) => {
    const error: unknown = await readAll(open, path).catch((one: unknown) => one);
    expect(error).toMatchObject({ name: "GateError", code });
    expect(String(error)).not.toContain(secret);
  });
});
