/** Which indexes the adapter asks the component to keep entries for. */
import { getAuthTables } from "@better-auth/core/db";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import * as plugins from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { entryIndexes } from "../../js/adapter/entry-indexes.js";

/** The indexes of every model of an app that needs any, by table, as text. */
function wanted(options: BetterAuthOptions): Record<string, string[]> {
  const schema = getAuthTables(options);
  const lists = Object.entries(schema).map(([key, { modelName }]) => [
    modelName,
    entryIndexes(schema, key, modelName)
      .map((fields) => fields.join())
      .sort(),
  ]);
  return Object.fromEntries(lists.filter(([, indexes]) => (indexes?.length ?? 0) > 0)) as Record<
    string,
    string[]
  >;
}

describe("the adapter asks for entries", () => {
  it("in no table of the core and of the official plugins", () => {
    const options: BetterAuthOptions = {
      rateLimit: { storage: "database" },
      plugins: [
        plugins.admin(),
        plugins.anonymous(),
        plugins.deviceAuthorization({ verificationUri: "/device" }),
        plugins.jwt(),
        plugins.lastLoginMethod({ storeInDatabase: true }),
        plugins.organization({
          teams: { enabled: true },
          dynamicAccessControl: { enabled: true },
        }),
        plugins.phoneNumber(),
        plugins.siwe({
          domain: "example.com",
          getNonce: () => Promise.resolve("nonce"),
          verifyMessage: () => Promise.resolve(true),
        }),
        plugins.twoFactor(),
        plugins.username(),
      ],
    };
    expect(Object.keys(getAuthTables(options)).length).toBeGreaterThan(13);
    expect(wanted(options)).toEqual({});
  });

  it("for marked fields and table-level indexes of a table that nobody declared, and for its ids", () => {
    const tickets = {
      id: "tickets",
      schema: {
        ticket: {
          fields: {
            code: { type: "string", unique: true },
            holderId: { type: "string", references: { model: "user", field: "id" } },
            event: { type: "string", index: true },
            row: { type: "number" },
            note: { type: "string" },
          },
          indexes: [{ fields: ["event", "row"], unique: true }],
        },
      },
    } as const;
    expect(wanted({ plugins: [tickets as never] })).toEqual({
      // An index over event and row answers for event too.
      ticket: ["code", "event,row", "holderId", "id"],
    });
  });

  it("for what a renamed model has native indexes for, as far as it has the fields", () => {
    const found = wanted({
      user: { modelName: "people", fields: { email: "mail" } },
      session: { modelName: "visit" },
    });
    expect(found).toEqual({
      people: ["createdAt", "id", "mail", "name", "updatedAt"],
      visit: ["expiresAt", "id", "token", "userId,expiresAt"],
    });
  });

  it("for a renamed field and for marked fields of the app in a declared table", () => {
    const found = wanted({
      user: {
        fields: { email: "mail" },
        additionalFields: {
          handle: { type: "string", unique: true },
          bio: { type: "string" },
        },
      },
    });
    expect(found).toEqual({ user: ["handle", "mail"] });
  });

  it("for a field that the app marks although its plugin does not", () => {
    const referrals = (): BetterAuthPlugin => ({
      id: "referrals",
      schema: {
        user: { fields: { referralCode: { type: "string", required: false } } },
        referral: { fields: { status: { type: "string" } } },
      },
    });
    expect(wanted({ plugins: [referrals()] })).toEqual({ referral: ["id"] });
    // As docs/tables.md has it: in a table of the core by an additional field, in the plugin's own by its schema.
    const plugin = referrals();
    Object.assign(plugin.schema?.["referral"]?.fields["status"] ?? {}, { index: true });
    const found = wanted({
      user: {
        additionalFields: { referralCode: { type: "string", required: false, index: true } },
      },
      plugins: [plugin],
    });
    expect(found).toEqual({ user: ["referralCode"], referral: ["id", "status"] });
  });
});
