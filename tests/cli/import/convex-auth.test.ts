/** The reader of Convex Auth's exports, of both of its generations. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openConvexAuth } from "../../../js/cli/import/sources/convex-auth.js";
import { fixtures } from "../../e2e/import/fixture-files.js";
import { convexFolder, readAll } from "./support.js";

const fixture = (name: string): string => join(fixtures, name);

describe("convex-auth", () => {
  it("0.0.x: users, passwords and providers; sessions stay", async () => {
    const { of, dropped } = await readAll(openConvexAuth, fixture("convex-auth.zip"));
    expect(
      of("user").map(({ email, emailVerified, name }) => [email, emailVerified, name]),
    ).toEqual([
      ["Grace@Example.com", false, "Grace"],
      ["heinz@example.com", false, "Heinz"],
      [expect.stringMatching(/@no-address\.invalid$/), false, ""],
      ["ida@example.com", true, "Ida"],
    ]);
    const [grace, , , ida] = of("user");
    expect(of("account")).toMatchObject([
      {
        providerId: "credential",
        accountId: grace?.id,
        password: expect.stringMatching(/^\w+:\w+$/),
      },
      { providerId: "credential" },
      { providerId: "github", accountId: "583231", userId: ida?.id },
    ]);
    expect(dropped).toEqual([
      ["user", "NO_EMAIL", 1],
      ["authAccounts", "ANONYMOUS", 1],
    ]);
  });

  it("0.0.x: numbers, ways without an account, providers of another name", async () => {
    const folder = convexFolder({
      users: [{ phone: "+15555550100", phoneVerificationTime: 1, plan: "pro", isAnonymous: false }],
      authAccounts: [
        { userId: "users0", provider: "resend-otp", providerAccountId: "a@example.com" },
        { userId: "users0", provider: "twilio", providerAccountId: "+15555550100" },
        { userId: "users0", provider: "microsoft-entra-id", providerAccountId: "1234567" },
        { userId: "users0", provider: "admin-password", providerAccountId: "a", secret: "x:y" },
      ],
      authSessions: [{}, {}],
      authRefreshTokens: [{}],
      authVerificationCodes: [],
    });
    const { of, dropped } = await readAll(openConvexAuth, folder);
    expect(of("user")).toMatchObject([
      { phoneNumber: "+15555550100", phoneNumberVerified: true, plan: "pro", isAnonymous: false },
    ]);
    expect(of("account").map(({ providerId, accountId }) => [providerId, accountId])).toEqual([
      ["microsoft", "1234567"],
      ["credential", "users0"],
    ]);
    expect(dropped).toEqual([
      ["user", "NO_EMAIL", 1],
      ["authAccounts", "BY_EMAIL", 1],
      ["authAccounts", "BY_PHONE", 1],
      ["authSessions", "SESSION", 2],
      ["authRefreshTokens", "SESSION", 1],
    ]);
  });

  it("0.0.x: an account of a provider that knows its users by their addresses comes along", async () => {
    const sso = { userId: "users0", providerAccountId: "a@example.com" };
    const folder = convexFolder({
      users: [{ email: "a@example.com" }],
      authAccounts: [
        { ...sso, provider: "acme-sso" },
        { ...sso, provider: "azure-ad" },
        // Codes that were entered, and those that were not.
        { ...sso, provider: "letter", emailVerified: "a@example.com" },
        { ...sso, provider: "resendOTP" },
        { ...sso, provider: "email" },
      ],
    });
    const { of, dropped } = await readAll(openConvexAuth, folder);
    expect(of("account").map(({ providerId, accountId }) => [providerId, accountId])).toEqual([
      ["acme-sso", "a@example.com"],
      ["microsoft", "a@example.com"],
    ]);
    expect(dropped).toEqual(Array.from({ length: 3 }, () => ["authAccounts", "BY_EMAIL", 1]));
  });

  it("2: hashes, usernames and passkeys come from their components", async () => {
    const { of, dropped } = await readAll(openConvexAuth, fixture("convex-auth-2.zip"));
    expect(of("user")).toMatchObject([
      { id: "jonas-of-the-app", email: "jonas@example.com", emailVerified: false },
      { id: "kim-of-the-app", username: "kim", displayUsername: "Kim", name: "Kim", plan: "pro" },
    ]);
    expect(of("account")).toMatchObject([
      { providerId: "credential", password: expect.stringMatching(/^\$argon2id\$/) },
      { providerId: "google", accountId: "1093" },
    ]);
    expect(dropped).toEqual([
      ["user", "NO_EMAIL", 1],
      ["sessions", "SESSION", 1],
    ]);
  });

  it("2: an address of the app's is not verified where the component has none that could be one", async () => {
    const folder = convexFolder({
      users: [{ email: "victim@example.com" }],
      "auth/accounts": [],
      "authEmail/verifiedEmails": [{ userId: "users0", email: "", isPrimary: true }],
    });
    const { of } = await readAll(openConvexAuth, folder);
    expect(of("user")).toMatchObject([{ email: "victim@example.com", emailVerified: false }]);
  });

  it("2: verified addresses, and passkeys of later versions as they are", async () => {
    const folder = convexFolder({
      users: [{}],
      "auth/accounts": [],
      "authEmail/verifiedEmails": [
        { userId: "users0", email: "Old@Example.com", isPrimary: false },
        { userId: "users0", email: "New@Example.com", isPrimary: true },
      ],
      "authPasskey/passkeys": [
        {
          userId: "users0",
          credentialId: "id_-",
          publicKey: { $bytes: "pQEC" },
          counter: 3,
          transports: ["usb", "nfc"],
        },
        {
          userId: "users0",
          credentialId: "broken",
          publicKey: { $bytes: "BA==" },
          algorithm: "ES256",
          counter: 0,
        },
      ],
    });
    const { of, dropped } = await readAll(openConvexAuth, folder);
    expect(of("user")).toMatchObject([{ email: "New@Example.com", emailVerified: true }]);
    expect(of("passkey")).toMatchObject([
      { credentialID: "id_-", publicKey: "pQEC", counter: 3, transports: "usb,nfc" },
    ]);
    expect(dropped).toEqual([["passkey", "PASSKEY_KEY", 1]]);
  });
});
