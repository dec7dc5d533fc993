/**
 * When Better Auth's mail callbacks run, for every flow that sends a mail: once, after what the mail is about is stored,
 * also where others get ahead of the request or the deployment is busy; and not at all where that is refused.
 */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { emailOTP } from "better-auth/plugins/email-otp";
import { magicLink } from "better-auth/plugins/magic-link";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { GateError } from "../../js/errors/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";
import { plainPasswords } from "./support/app.js";
import type { Browser } from "./support/app.js";

const email = "ada@example.com";

// Better Auth prints what it answers with status 500.
beforeEach(() => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
  return () => quiet.mockRestore();
});

type Send = (to: string) => Promise<void>;
interface Flow {
  readonly name: string;
  /** How what the mail is about is written: in a transaction, by one call of the component, or not (a signed link). */
  readonly written: "transaction" | "gate:create" | "gate:update" | "not";
  readonly options?: (send: Send) => BetterAuthOptions;
  readonly plugins?: (send: Send) => BetterAuthPlugin[];
  /** What comes before. */
  readonly prepare?: (app: ComponentApp, browser: Browser) => Promise<unknown>;
  readonly ask: (browser: Browser) => Promise<Response>;
}

const signUp = (_app: ComponentApp, browser: Browser): Promise<Response> => browser.signUp(email);
const verification = (send: Send, sendOnSignUp = false): BetterAuthOptions => ({
  emailVerification: { sendOnSignUp, sendVerificationEmail: ({ user }) => send(user.email) },
});
const otp = (send: Send, sendVerificationOnSignUp = false): BetterAuthPlugin =>
  emailOTP({ sendVerificationOnSignUp, sendVerificationOTP: (mail) => send(mail.email) });

/** Stands for Google: it vouches for every token, and for no address. */
const google = {
  clientId: "id",
  clientSecret: "secret",
  verifyIdToken: () => Promise.resolve(true),
  getUserInfo: () =>
    Promise.resolve({
      user: { id: "g", name: "Ada", email, emailVerified: false },
      data: { sub: "g" },
    }),
};

const flows: readonly Flow[] = [
  {
    name: "sign-up that asks for verification",
    written: "transaction",
    options: (send) => verification(send, true),
    ask: (browser) => browser.signUp(email),
  },
  {
    name: "sign-up that sends a code",
    written: "transaction",
    plugins: (send) => [otp(send, true)],
    ask: (browser) => browser.signUp(email),
  },
  {
    name: "first sign-in with a provider that vouches for no address",
    written: "transaction",
    options: (send) => ({
      ...verification(send, true),
      socialProviders: { google: google as never },
    }),
    ask: (browser) =>
      browser.request("/sign-in/social", {
        body: { provider: "google", idToken: { token: "g" } },
      }),
  },
  {
    name: "another verification link",
    written: "not",
    options: (send) => verification(send),
    prepare: signUp,
    ask: (browser) => browser.request("/send-verification-email", { body: { email } }),
  },
  {
    name: "password reset",
    written: "gate:create",
    options: (send) => ({
      emailAndPassword: {
        enabled: true,
        password: plainPasswords,
        sendResetPassword: ({ user }) => send(user.email),
      },
    }),
    prepare: signUp,
    ask: (browser) => browser.request("/request-password-reset", { body: { email } }),
  },
  {
    name: "code to sign in with",
    written: "gate:create",
    plugins: (send) => [otp(send)],
    ask: (browser) =>
      browser.request("/email-otp/send-verification-otp", { body: { email, type: "sign-in" } }),
  },
  {
    name: "magic link",
    written: "gate:create",
    plugins: (send) => [magicLink({ sendMagicLink: (mail) => send(mail.email) })],
    ask: (browser) => browser.request("/sign-in/magic-link", { body: { email } }),
  },
  {
    name: "invitation",
    written: "gate:create",
    plugins: (send) => [organization({ sendInvitationEmail: (mail) => send(mail.email) })],
    async prepare(_app, browser) {
      await browser.signUp(email);
      await browser.request("/organization/create", { body: { name: "Engine", slug: "engine" } });
    },
    ask: (browser) =>
      browser.request("/organization/invite-member", {
        body: { email: "bob@example.com", role: "member" },
      }),
  },
  {
    name: "change of an address by a link",
    written: "not",
    options: (send) => ({
      ...verification(send),
      user: { changeEmail: { enabled: true } },
    }),
    prepare: signUp,
    ask: (browser) => browser.request("/change-email", { body: { newEmail: "new@example.com" } }),
  },
  {
    name: "change of an address at once",
    written: "gate:update",
    options: (send) => ({
      ...verification(send),
      user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } },
    }),
    prepare: signUp,
    ask: (browser) => browser.request("/change-email", { body: { newEmail: "new@example.com" } }),
  },
  {
    name: "deletion of an account",
    written: "gate:create",
    options: (send) => ({
      user: {
        deleteUser: {
          enabled: true,
          sendDeleteAccountVerification: ({ user }) => send(user.email),
        },
      },
    }),
    prepare: signUp,
    ask: (browser) => browser.request("/delete-user", { body: {} }),
  },
  {
    name: "code as a second factor",
    written: "gate:create",
    plugins: (send) => [twoFactor({ otpOptions: { sendOTP: ({ user }) => send(user.email) } })],
    prepare: signUp,
    ask: (browser) => browser.request("/two-factor/send-otp", { body: {} }),
  },
];

const written = flows.filter((flow) => flow.written !== "not");
const inTransaction = flows.filter((flow) => flow.written === "transaction");
const inOneCall = flows.filter((flow) => flow.written.startsWith("gate:"));

/** What stands in front of the component while the flow runs, and not while it is prepared. */
interface Obstacle {
  readonly run?: ConvexGateStore["run"];
  readonly commit?: (commit: () => Promise<unknown>, store: ConvexGateStore) => Promise<unknown>;
}

/** Runs a flow, and gives the addresses that were written to, and whether something was stored by then. */
async function run(
  flow: Flow,
  obstacle: (store: ConvexGateStore, app: ComponentApp) => Obstacle = () => ({}),
) {
  const sent: string[] = [];
  let isAsked = false;
  let before = "";
  const stored = async (): Promise<string> =>
    JSON.stringify(await Promise.all(["user", "verification", "invitation"].map(app.rows)));
  const app: ComponentApp = createComponentApp({
    options: flow.options?.(send) ?? {},
    plugins: flow.plugins?.(send) ?? [],
    store(store) {
      const { log } = store;
      if (!isAsked || !log) return store;
      const { run: inFront, commit } = obstacle(store, app);
      return {
        ...store,
        ...(inFront && { run: inFront }),
        ...(commit && {
          log: { ...log, commit: async (steps) => commit(() => log.commit(steps), store) as never },
        }),
      };
    },
  });
  async function send(to: string): Promise<void> {
    sent.push((await stored()) === before ? to : `${to}, stored`);
  }
  const browser = app.visitor();
  await flow.prepare?.(app, browser);
  sent.length = 0;
  before = await stored();
  isAsked = true;
  const { status } = await flow.ask(browser);
  return { app, sent, status };
}

const recipients: Readonly<Record<string, string>> = {
  invitation: "bob@example.com",
  "change of an address by a link": "new@example.com",
  "change of an address at once": "new@example.com",
};
const expected = ({ name, written: how }: Flow): string[] => [
  `${recipients[name] ?? email}${how === "not" ? "" : ", stored"}`,
];

describe("a mail goes out once, when what it is about is stored", () => {
  it.each(flows)("$name", async (flow) => {
    const { sent, status } = await run(flow);
    expect([status, sent]).toEqual([200, expected(flow)]);
  });
});

describe("a mail goes out once where somebody gets ahead, so that the transaction runs again", () => {
  it.each(inTransaction)("$name", async (flow) => {
    let commits = 0;
    const { sent, status } = await run(flow, () => ({
      async commit(commit, store) {
        commits += 1;
        if (commits > 1) return commit();
        // Somebody takes the address, and leaves again when the commit was refused.
        const data = { id: "somebody", email, name: "Somebody", emailVerified: false };
        await store.run("create", { model: "user", data });
        const where = [{ field: "id", value: data.id }];
        return commit().finally(() => store.run("delete", { model: "user", where }));
      },
    }));
    expect(commits).toBe(2);
    expect([status, sent]).toEqual([200, expected(flow)]);
  });
});

describe("a mail goes out once where the deployment is too busy at first", () => {
  it.each(inOneCall)("$name", async (flow) => {
    let asked = 0;
    const { app, sent, status } = await run(flow, (store, { harness }) => ({
      run(method, args) {
        const name = `gate:${method}`;
        if (name === flow.written && (asked += 1) === 1)
          harness.overloads.fail("TooManyWrites", name);
        return store.run(method, args);
      },
    }));
    const calls = app.harness.costs.filter((cost) => cost.startsWith(flow.written));
    expect(calls.length).toBeGreaterThan(1);
    expect([status, sent]).toEqual([200, expected(flow)]);
  });
});

describe("no mail goes out where it is refused", () => {
  it.each(written)("$name", async (flow) => {
    const refusal = (): Promise<never> => Promise.reject(new Error("the write was refused"));
    const { sent, status } = await run(flow, (store) => ({
      run: (method, args) =>
        ["create", "update"].includes(method) ? refusal() : store.run(method, args),
      commit: refusal,
    }));
    expect(sent).toEqual([]);
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe("sign-up", () => {
  const flow = inTransaction[0]!;

  it("that is stored, and whose answer is lost, sends nothing: the next sign-in can", async () => {
    const { app, sent, status } = await run(flow, () => ({
      async commit(commit) {
        await commit();
        throw new Error("the answer was lost");
      },
    }));
    expect(sent).toEqual([]);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(await app.rows("user")).toHaveLength(1);
  });

  it("of one address by many at once sends one of them a link, and tells the owner of the others", async () => {
    const sent: string[] = [];
    const app = createComponentApp({
      concurrent: true,
      options: {
        emailAndPassword: {
          enabled: true,
          password: plainPasswords,
          requireEmailVerification: true,
          onExistingUserSignUp: async () => void sent.push("somebody tried"),
        },
        emailVerification: { sendVerificationEmail: async () => void sent.push("link") },
      },
    });
    const answers = await Promise.all(Array.from({ length: 6 }, () => app.visitor().signUp(email)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    const tries = Array.from({ length: 5 }, () => "somebody tried");
    expect(sent.sort()).toEqual(["link", ...tries]);
  });

  it("runs hooks before a write again with its transaction, and hooks after it once: mails belong there", async () => {
    const hooks: string[] = [];
    const hook = (name: string) => async (): Promise<void> => void hooks.push(name);
    const create = { before: hook("before"), after: hook("after") };
    let commits = 0;
    const { status } = await run(
      { ...flow, options: () => ({ databaseHooks: { user: { create } } }) },
      () => ({
        async commit(commit) {
          commits += 1;
          if (commits === 1) throw new GateError("CONFLICT", "somebody got ahead");
          return commit();
        },
      }),
    );
    expect([status, hooks]).toEqual([200, ["before", "before", "after"]]);
  });
});
