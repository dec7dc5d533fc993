/** The reader of Clerk's two files. */
import { copyFileSync, mkdtempSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openClerk } from "../../../js/cli/import/sources/clerk.js";
import { fixtures } from "../../e2e/import/fixture-files.js";
import { folderOf, readAll } from "./support.js";

const fixture = (name: string): string => join(fixtures, name);

describe("clerk", () => {
  const lin = "user_2NNEqL2nrIRdJ194ndJqAHwEfxC";

  it("takes hashes from the CSV and social accounts from the JSON", async () => {
    const { of, dropped, source } = await readAll(openClerk, fixture("clerk"));
    expect(of("user")).toMatchObject([
      {
        id: lin,
        name: "Lin Yu, M.D.",
        email: "Lin@Example.com",
        emailVerified: true,
        username: "linyu",
        displayUsername: "LinYu",
        phoneNumber: "+15555550100",
        phoneNumberVerified: true,
        publicMetadata: { plan: "pro" },
        createdAt: 1_760_000_000_000,
      },
      { name: "Mo", emailVerified: true, image: "https://img.clerk.com/uploaded" },
      {
        name: "",
        email: expect.stringMatching(/@no-address\.invalid$/),
        phoneNumberVerified: false,
      },
    ]);
    expect(of("user")[0]).not.toHaveProperty("image");
    expect(of("account")).toMatchObject([
      {
        providerId: "credential",
        accountId: lin,
        password: expect.stringMatching(/^\$2[aby]\$10\$/),
      },
      { providerId: "github", accountId: "9919", scope: "user:email,read:user" },
    ]);
    expect(dropped).toEqual([
      ["user", "TWO_FACTOR", 1],
      ["user", "MORE_ADDRESSES", 1, "verified_email_addresses"],
      ["user", "NO_EMAIL", 1],
    ]);
    expect(source.warnings).toEqual([]);
  });

  it("takes either file alone, says what lacks, and has the same rows in a later copy", async () => {
    const { of, source } = await readAll(openClerk, fixture("clerk/users.csv"));
    expect(source.warnings).toEqual([expect.stringContaining("no JSON file")]);
    // Its id says when the user began.
    const [user] = of("user");
    expect(new Date(Number(user?.["createdAt"])).toISOString()).toMatch(/^2023-/);
    const copy = join(mkdtempSync(join(tmpdir(), "import-")), "users.csv");
    copyFileSync(fixture("clerk/users.csv"), copy);
    utimesSync(copy, 1, 1);
    expect((await readAll(openClerk, copy)).of("user")[0]).toEqual(user);

    const json = await readAll(openClerk, fixture("clerk/users.json"));
    expect(json.source.warnings).toEqual([expect.stringContaining("no CSV file")]);
    expect(json.of("account")).toHaveLength(1);
  });

  it("takes what its SDK writes, one user a line", async () => {
    const users = [
      {
        id: "user_1",
        firstName: "Ann",
        primaryEmailAddressId: "b",
        emailAddresses: [
          { id: "a", emailAddress: "old@example.com", verification: { status: "verified" } },
          { id: "b", emailAddress: "ann@example.com", verification: { status: "unverified" } },
        ],
        externalAccounts: [{ id: "eac_2", provider: "oauth_x", externalId: "77" }],
        createdAt: 1_700_000_000_000,
      },
    ];
    const { of } = await readAll(openClerk, folderOf({ "users.jsonl": users }));
    expect(of("user")).toMatchObject([
      { name: "Ann", email: "ann@example.com", emailVerified: false, createdAt: 1_700_000_000_000 },
    ]);
    expect(of("account")).toMatchObject([{ providerId: "twitter", accountId: "77" }]);
  });
});

describe("clerk's two files, which were not exported at one time", () => {
  const users = (ids: string[]) => ids.map((id) => ({ id, email_addresses: [], banned: false }));

  it("nobody is left out who is in one of them alone, also where it goes on", async () => {
    const folder = folderOf({
      "users.csv": "id,banned\nuser_a,\nuser_gone,true\nuser_b,\n",
      "users.jsonl": users(["user_new1", "user_b", "user_a", "user_new2"]),
    });
    const { of, records } = await readAll(openClerk, folder);
    expect(of("user").map(({ id, banned }) => [id, banned])).toEqual([
      ["user_a", undefined],
      ["user_gone", true],
      ["user_b", undefined],
      ["user_new1", undefined],
      ["user_new2", undefined],
    ]);
    for (const [index, { position }] of records.entries()) {
      const rest = await readAll(openClerk, folder, position);
      expect(rest.records).toEqual(records.slice(index + 1));
    }
  });

  it("a user without an id in the second file is not passed over", async () => {
    const folder = folderOf({ "users.csv": "id\nuser_a\n", "users.jsonl": [{ first_name: "B" }] });
    await expect(readAll(openClerk, folder)).rejects.toMatchObject({ code: "IMPORT_FORM" });
  });

  it("a social account that was never verified lets nobody in, and is reported", async () => {
    const account = { provider: "oauth_github", provider_user_id: "1" };
    const external_accounts = [
      { ...account, id: "eac_1", verification: { status: "verified" } },
      { ...account, id: "eac_2", verification: { status: "unverified" } },
      { ...account, id: "eac_3", provider_user_id: "" },
    ];
    const folder = folderOf({ "users.jsonl": [{ id: "user_a", external_accounts }] });
    const { of, dropped } = await readAll(openClerk, folder);
    expect(of("account").map(({ id }) => id)).toEqual(["eac_1"]);
    expect(dropped).toEqual([
      ["user", "NO_EMAIL", 1],
      ["account", "UNVERIFIED", 1],
      ["account", "NO_ACCOUNT_ID", 1],
    ]);
  });
});
