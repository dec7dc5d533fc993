/** Two requests for one value of a unique field: the loser is told what it would be told a moment later. */
import { scim } from "@better-auth/scim";
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { admin } from "better-auth/plugins/admin";
import { organization } from "better-auth/plugins/organization";
import { phoneNumber } from "better-auth/plugins/phone-number";
import { username } from "better-auth/plugins/username";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Browser } from "../../plugins/support/app.js";
import { PASSWORD } from "../../plugins/support/app.js";
import type { RaceApp } from "./overtaking.js";
import { createRaceApp } from "./overtaking.js";

const scimToken = "a-directory-service-knows-this-0123456789";

interface Case {
  name: string;
  /** What the loser and a later request are answered: the status and the code, or SCIM's type of error. */
  answer: [status: number, code?: string];
  /** Where the two differ: the loser's. */
  loser?: [status: number, code: string];
  /** What the loser is answered without the second try. */
  alone: [status: number, code?: string];
  /** Gives a request for a value; a second one of another user, of the same user where `other` is false. */
  prepare: (app: RaceApp, browser: Browser, number: number) => Promise<() => Promise<Response>>;
}

const signUp = (browser: Browser, number: number, more: object = {}): Promise<Response> => {
  const body = { email: `${String(number)}@example.com`, password: PASSWORD, name: "A", ...more };
  return browser.request("/sign-up/email", { body });
};

async function withOrganization(browser: Browser, number: number): Promise<string> {
  await signUp(browser, number);
  const body = { name: "A", slug: `own-${String(number)}` };
  const created = await browser.request("/organization/create", { body });
  return ((await created.json()) as { id: string }).id;
}

const scimPost =
  (path: string, body: object) =>
  (browser: Browser): Promise<Response> =>
    browser.request(`/scim/v2/${path}`, {
      body,
      headers: { authorization: `Bearer ${scimToken}` },
    });

const cases: Case[] = [
  {
    name: "user.email: sign-up",
    answer: [422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    alone: [422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    prepare: (_app, browser) => Promise.resolve(() => signUp(browser, 0)),
  },
  {
    name: "user.email: admin/create-user",
    answer: [400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    alone: [500],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      await app.harness.store().run("updateMany", {
        model: "user",
        where: [],
        update: { role: "admin" },
      });
      const body = { email: "new@example.com", password: PASSWORD, name: "A" };
      return () => browser.request("/admin/create-user", { body });
    },
  },
  {
    name: "user.email: change-email",
    answer: [200],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      return () => browser.request("/change-email", { body: { newEmail: "new@example.com" } });
    },
  },
  {
    name: "user.username: sign-up",
    answer: [400, "USERNAME_IS_ALREADY_TAKEN"],
    alone: [422, "FAILED_TO_CREATE_USER"],
    prepare: (_app, browser, number) =>
      Promise.resolve(() => signUp(browser, number, { username: "ada_l" })),
  },
  {
    name: "user.username: update-user",
    answer: [400, "USERNAME_IS_ALREADY_TAKEN"],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      return () => browser.request("/update-user", { body: { username: "ada_l" } });
    },
  },
  {
    name: "user.phoneNumber: phone-number/verify",
    // The winner has spent the code, so a number is never asked for by two that know one.
    answer: [400, "OTP_NOT_FOUND"],
    loser: [400, "INVALID_OTP"],
    alone: [400, "INVALID_OTP"],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      const phone = "+15550100";
      await browser.request("/phone-number/send-otp", { body: { phoneNumber: phone } });
      return () => {
        const code = app.mails.at(-1)?.carries;
        const body = { phoneNumber: phone, code, updatePhoneNumber: true };
        return browser.request("/phone-number/verify", { body });
      };
    },
  },
  {
    name: "organization.slug: organization/create",
    answer: [400, "ORGANIZATION_ALREADY_EXISTS"],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      const body = { name: "A", slug: "analytical" };
      return () => browser.request("/organization/create", { body });
    },
  },
  {
    name: "organization.slug: organization/update",
    answer: [400, "ORGANIZATION_SLUG_ALREADY_TAKEN"],
    alone: [500],
    async prepare(_app, browser, number) {
      const organizationId = await withOrganization(browser, number);
      const body = { organizationId, data: { slug: "analytical" } };
      return () => browser.request("/organization/update", { body });
    },
  },
  {
    name: "ssoProvider.providerId: sso/register",
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
    name: "scimUser.userNameKey: SCIM Users",
    answer: [409, "uniqueness"],
    alone: [409, "uniqueness"],
    prepare: (_app, browser) =>
      Promise.resolve(() =>
        scimPost("Users", {
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
          userName: "ada@example.com",
          emails: [{ value: "ada@example.com", primary: true }],
        })(browser),
      ),
  },
  {
    name: "scimGroup.displayNameKey: SCIM Groups",
    answer: [409, "uniqueness"],
    alone: [409, "uniqueness"],
    prepare: (_app, browser) =>
      Promise.resolve(() =>
        scimPost("Groups", {
          schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
          displayName: "Analysts",
        })(browser),
      ),
  },
];

function createApp(repeating: boolean): RaceApp {
  const mails: RaceApp["mails"] = [];
  const connections = [
    { id: "acme", credentials: [{ type: "bearer" as const, id: "first", token: scimToken }] },
  ];
  return createRaceApp({
    repeating,
    mails,
    options: { user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } } },
    plugins: [
      username(),
      admin(),
      organization(),
      phoneNumber({
        sendOTP: ({ phoneNumber: to, code }) => void mails.push({ to, carries: code }),
      }),
      sso() as BetterAuthPlugin,
      scim({ connections }) as BetterAuthPlugin,
    ],
  });
}

async function answerOf(response: Response): Promise<Case["answer"]> {
  const text = await response.text();
  const { code, scimType } = (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  const named = code ?? scimType;
  return named === undefined ? [response.status] : [response.status, named];
}

/** What the second of two requests is answered: after the first, or overtaken by it. */
async function second(each: Case, overtaken: boolean, repeating = true): Promise<Case["answer"]> {
  const app = createApp(repeating);
  const first = await each.prepare(app, app.browser(), 0);
  const request = await each.prepare(app, app.browser(), 1);
  const win = async (): Promise<void> => expect((await first()).status).toBeLessThan(300);
  if (overtaken) app.overtake(win);
  else await win();
  const answer = await answerOf(await request());
  expect(app.overtaken()).toBe(overtaken);
  return answer;
}

beforeEach(() => {
  // Better Auth prints what its handler did not expect.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

it.each(cases)("$name", async (each) => {
  expect(await second(each, false), "a later request").toEqual(each.answer);
  expect(await second(each, true), "the loser").toEqual(each.loser ?? each.answer);
});

it.each(cases)("$name, without a second try", async (each) => {
  expect(await second(each, true, false)).toEqual(each.alone);
});
