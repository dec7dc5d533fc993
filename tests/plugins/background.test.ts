/** Work that a response need not wait for: the routes wait for it, because Convex drops what still runs afterwards. */
import type { AuthContext, BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { describe, expect, it, vi } from "vitest";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";

const later = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A plugin whose endpoint begins something and answers. */
const beginning = (begin: (context: AuthContext) => unknown): BetterAuthPlugin => ({
  id: "beginning",
  endpoints: {
    begin: createAuthEndpoint("/begin", { method: "GET" }, async (ctx) => {
      await begin(ctx.context);
      return ctx.json({});
    }),
  },
});
const note = (name: string) => ({ model: "verification", data: valueOf(name) });
const valueOf = (identifier: string) => ({ identifier, value: "v", expiresAt: new Date(4e12) });
const notes = async (app: ComponentApp): Promise<unknown[]> =>
  (await app.rows("verification")).map((row) => row["identifier"]);
const begin = (app: ComponentApp): Promise<Response> => app.visitor().request("/begin");

describe("the routes wait for", () => {
  it("a task of runInBackground, and what it begins", async () => {
    const plugin = beginning((context) => {
      const task = later().then(() => {
        context.runInBackground(later().then(() => context.adapter.create(note("second"))));
        return context.adapter.create(note("first"));
      });
      context.runInBackground(task);
    });
    const app = createComponentApp({ plugins: [plugin] });
    expect((await begin(app)).status).toBe(200);
    expect(await notes(app)).toEqual(["first", "second"]);
  });

  it("operations of the database that nobody waits for", async () => {
    const plugin = beginning((context) => {
      void context.adapter
        .create(note("first"))
        .then(() => context.adapter.create(note("second")))
        .then(() => context.adapter.create(note("third")));
    });
    const app = createComponentApp({ plugins: [plugin] });
    expect((await begin(app)).status).toBe(200);
    expect(await notes(app)).toEqual(["first", "second", "third"]);
  });

  it("nothing where there is nothing", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const app = createComponentApp({ plugins: [beginning(() => undefined)] });
    expect((await begin(app)).status).toBe(200);
    expect(timers).not.toHaveBeenCalled();
    timers.mockRestore();
  });
});

describe("a task that fails", () => {
  it.each<[string, (context: AuthContext) => unknown]>([
    ["runInBackground", (context) => context.runInBackground(Promise.reject(new Error("lost")))],
    [
      "runInBackgroundOrAwait",
      (context) => context.runInBackgroundOrAwait(Promise.reject(new Error("lost"))),
    ],
  ])("is logged, and the response is the same: %s", async (_name, start) => {
    for (const advanced of [{}, { backgroundTasks: { handler: () => undefined } }]) {
      const log = vi.fn();
      const options = { advanced, logger: { level: "error" as const, log } };
      const app = createComponentApp({ plugins: [beginning(start)], options });
      expect((await begin(app)).status).toBe(200);
      expect(JSON.stringify(log.mock.calls.map(([, message]: unknown[]) => message))).toMatch(
        /background task/,
      );
    }
  });
});

describe("a handler of the app's own", () => {
  it("is called, and the routes wait for what it was given", async () => {
    const given: Promise<unknown>[] = [];
    const plugin = beginning(async (context) => {
      context.runInBackground(later().then(() => context.adapter.create(note("first"))));
      await context.runInBackgroundOrAwait(
        later().then(() => context.adapter.create(note("second"))),
      );
    });
    const handler = (task: Promise<unknown>): void => void given.push(task);
    const app = createComponentApp({
      plugins: [plugin],
      options: { advanced: { backgroundTasks: { handler } } },
    });
    expect((await begin(app)).status).toBe(200);
    expect(given).toHaveLength(2);
    expect((await notes(app)).sort()).toEqual(["first", "second"]);
  });
});

it.each<[string, BetterAuthOptions["advanced"]]>([
  ["without a handler, as without the plugin", {}],
  ["beside a handler of the app's own", { backgroundTasks: { handler: () => undefined } }],
])("a direct call awaits a mail in its place %s", async (_name, advanced) => {
  const sent: string[] = [];
  const app = createComponentApp({
    options: {
      advanced,
      emailVerification: {
        sendOnSignUp: true,
        sendVerificationEmail: ({ user }) => later().then(() => void sent.push(user.email)),
      },
    },
  });
  const body = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
  await app.auth().api.signUpEmail({ body });
  expect(sent).toEqual(["ada@example.com"]);
});
