/** The unique fields of the tables that plugins bring, SCIM and OAuth apart. */
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { waitlist } from "better-auth-waitlist";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { organization } from "better-auth/plugins/organization";
import type { Browser } from "../../../plugins/support/app.js";
import type { Case } from "./case.js";
import { json, signUp } from "./case.js";

async function withOrganization(browser: Browser, number: number): Promise<string> {
  await signUp(browser, number);
  const body = { name: "A", slug: `own-${String(number)}` };
  return (await json<{ id: string }>(browser.request("/organization/create", { body }))).id;
}

let codes: string[] = [];

/** A device flow of which the first two codes of one kind are the same. */
const deviceCase = (field: string, generator: "generateUserCode" | "generateDeviceCode"): Case => ({
  field,
  by: "device/code",
  plugins: () => [
    deviceAuthorization({
      verificationUri: "/device",
      validateClient: (id) => id === "tv",
      [generator]: () => codes.shift(),
    }),
  ],
  answer: [200],
  alone: [200],
  async prepare(_app, browser) {
    codes = ["AAAABBBB", "AAAABBBB", "CCCCDDDD"];
    return () => browser.request("/device/code", { body: { client_id: "tv" } });
  },
});

export const pluginCases: Case[] = [
  {
    field: "organization.slug",
    by: "organization/create",
    plugins: () => [organization()],
    answer: [400, "ORGANIZATION_ALREADY_EXISTS"],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      const body = { name: "A", slug: "analytical" };
      return () => browser.request("/organization/create", { body });
    },
  },
  {
    field: "organization.slug",
    by: "organization/update",
    plugins: () => [organization()],
    answer: [400, "ORGANIZATION_SLUG_ALREADY_TAKEN"],
    alone: [500],
    async prepare(_app, browser, number) {
      const organizationId = await withOrganization(browser, number);
      const body = { organizationId, data: { slug: "analytical" } };
      return () => browser.request("/organization/update", { body });
    },
  },
  {
    field: "ssoProvider.providerId",
    by: "sso/register",
    plugins: () => [sso() as BetterAuthPlugin],
    answer: [422],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      const at = "https://idp.example.com";
      const oidcConfig = {
        clientId: "id",
        clientSecret: "secret",
        authorizationEndpoint: `${at}/authorize`,
        tokenEndpoint: `${at}/token`,
        jwksEndpoint: `${at}/jwks`,
        skipDiscovery: true,
      };
      const body = { providerId: "idp", issuer: at, domain: "example.com", oidcConfig };
      return () => browser.request("/sso/register", { body });
    },
  },
  {
    field: "teamMember.membershipKey",
    by: "organization/add-team-member",
    plugins: () => [organization({ teams: { enabled: true, maximumMembersPerTeam: 5 } })],
    answer: [200],
    alone: [200],
    async prepare(app, browser, number) {
      // Both browsers are of the one owner.
      if (number === 0) {
        const organizationId = await withOrganization(browser, 0);
        const body = { name: "T", organizationId };
        await json(browser.request("/organization/create-team", { body }));
      } else await json(browser.signIn("0@example.com"));
      const [user] = await app.rows("user");
      const team = (await app.rows("team")).find(({ name }) => name === "T");
      const [own] = await app.rows("organization");
      const body = { teamId: team?.["id"], userId: user?.["id"], organizationId: own?.["id"] };
      return () => browser.request("/organization/add-team-member", { body });
    },
  },
  {
    field: "waitlist.email",
    by: "waitlist/join with better-auth-waitlist",
    plugins: () => [waitlist({ enabled: true }) as unknown as BetterAuthPlugin],
    answer: [403, "email_already_in_waitlist"],
    alone: [500],
    prepare: async (_app, browser) => () =>
      browser.request("/waitlist/join", { body: { email: "ada@example.com" } }),
  },
  deviceCase("deviceCode.userCode", "generateUserCode"),
  deviceCase("deviceCode.deviceCode", "generateDeviceCode"),
];
