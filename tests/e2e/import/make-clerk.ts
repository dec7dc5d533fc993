/**
 * `node tests/host/run.mjs tests/e2e/import/make-clerk.ts`: writes `fixtures/clerk/`, users as Clerk's dashboard exports them
 * (CSV, with bcrypt hashes) and as its API gives them (JSON, with social accounts), and what they know to `fixtures/clerk.json`.
 * Clerk runs nowhere but at Clerk: columns and members are those that it documents.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { fixtures } from "./fixture-files.js";

const people = {
  lin: {
    id: "user_2NNEqL2nrIRdJ194ndJqAHwEfxC",
    email: "lin@example.com",
    password: "the password of Lin",
  },
  mo: { id: "user_2NNErKx2qgVT8vUe5Wq1bVn5Zz0", email: "mo@example.com" },
};
const COLUMNS =
  "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher";

mkdirSync(join(fixtures, "clerk"), { recursive: true });
writeFileSync(
  join(fixtures, "clerk/users.csv"),
  [
    COLUMNS,
    `${people.lin.id},Lin,"Yu, M.D.",LinYu,Lin@Example.com,+15555550100,Lin@Example.com,lin@old.example,+15555550100,,JBSWY3DPEHPK3PXP,${await hash(people.lin.password, 10)},bcrypt`,
    `${people.mo.id},Mo,,,mo@example.com,,mo@example.com,,,,,,`,
    "user_2NNEsPhoneOnlyPhoneOnly0000,,,,,+15555550101,,,,+15555550101,,,",
    "",
  ].join("\n"),
);
writeFileSync(
  join(fixtures, "clerk/users.json"),
  `${JSON.stringify(
    [
      {
        id: people.lin.id,
        object: "user",
        first_name: "Lin",
        primary_email_address_id: "idn_1",
        email_addresses: [
          { id: "idn_1", email_address: "Lin@Example.com", verification: { status: "verified" } },
        ],
        external_accounts: [],
        public_metadata: { plan: "pro" },
        private_metadata: {},
        has_image: false,
        image_url: "https://img.clerk.com/drawn",
        banned: false,
        created_at: 1_760_000_000_000,
        updated_at: 1_780_000_000_000,
      },
      {
        id: people.mo.id,
        object: "user",
        first_name: "Mo",
        primary_email_address_id: "idn_2",
        email_addresses: [
          { id: "idn_2", email_address: "mo@example.com", verification: { status: "verified" } },
        ],
        external_accounts: [
          {
            id: "eac_1",
            object: "external_account",
            provider: "oauth_github",
            provider_user_id: "9919",
            email_address: "mo@example.com",
            approved_scopes: "user:email read:user",
          },
        ],
        has_image: true,
        image_url: "https://img.clerk.com/uploaded",
        banned: false,
        created_at: 1_770_000_000_000,
        updated_at: 1_780_000_000_000,
      },
    ],
    null,
    2,
  )}\n`,
);
writeFileSync(join(fixtures, "clerk.json"), `${JSON.stringify(people, null, 2)}\n`);
