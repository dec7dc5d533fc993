/** What changes after facts were left: the app's code, its variables. The facts of before must not be used. */
import { createAuthMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { customSession } from "better-auth/plugins/custom-session";
import { vi } from "vitest";
import { crossDomain } from "../../../../js/plugins/index.js";
import type { Code } from "../support.js";
import { ORIGIN, SECRET } from "../support.js";
import type { LaneCase, World } from "../case.js";
import { ALL, everything, few, fromTab, PUBLIC } from "../case.js";

/** The first request after the change, before anything else was asked; then all. */
const afterwards = (world: World): Request[] => [
  ...few({ cookie: world.ada.cookieHeader() }).slice(0, 1),
  ...everything({ cookie: world.ada.cookieHeader() }),
];

const pushed = (name: string, code: () => Code, lane: LaneCase["lane"]): LaneCase => ({
  name: `a new deployment: ${name}`,
  then: ({ push }) => push(code),
  requests: afterwards,
  inOrder: true,
  lane,
});

/** An app that reads a variable while it is made. */
const reading =
  (read: (value: string | undefined) => Code): (() => Code) =>
  () => ({
    // What the app's module does when it is evaluated for a request.
    get options() {
      return read(process.env["OF_THE_APP"]).options ?? {};
    },
    get plugins() {
      return read(process.env["OF_THE_APP"]).plugins ?? [];
    },
    get convexOptions() {
      return read(process.env["OF_THE_APP"]).convexOptions ?? {};
    },
  });

const variable = (
  name: string,
  read: (value: string | undefined) => Code,
  lane: LaneCase["lane"],
): LaneCase => ({
  name: `a new variable: ${name}`,
  code: reading(read),
  then: () => void vi.stubEnv("OF_THE_APP", "changed"),
  requests: afterwards,
  inOrder: true,
  lane,
});

const plan = customSession(async ({ user, session }) => ({ user, session, plan: "free" }));

export const changeCases: readonly LaneCase[] = [
  pushed("nothing else", () => ({}), ALL),
  pushed(
    "another prefix of cookies",
    () => ({ options: { advanced: { cookiePrefix: "shop" } } }),
    ALL,
  ),
  pushed("sessions are renewed each time", () => ({ options: { session: { updateAge: 0 } } }), [
    "session",
    "token",
    ...PUBLIC,
  ]),
  pushed("customSession()", () => ({ plugins: [plan] }), []),
  pushed("bearer()", () => ({ plugins: [bearer()] }), []),
  pushed("claims", () => ({ convexOptions: { jwt: { claims: ["email"] } } }), ALL),
  pushed(
    "a field that is not told",
    () => ({
      options: { user: { additionalFields: { name: { type: "string", returned: false } } } },
    }),
    ALL,
  ),
  pushed(
    "a hook",
    () => ({
      options: {
        hooks: { after: createAuthMiddleware(async (ctx) => void ctx.setHeader("x-hook", "1")) },
      },
    }),
    [],
  ),
  pushed(
    "a secret of its own",
    () => ({ options: { secret: "another-secret-of-the-tests-with-enough-length" } }),
    [],
  ),
  {
    name: "a new deployment: another origin",
    code: () => ({ plugins: [crossDomain({ siteUrl: ORIGIN })], routes: { cors: true } }),
    then: ({ push }) =>
      push(() => ({
        plugins: [crossDomain({ siteUrl: "https://new.example.com" })],
        routes: { cors: true },
      })),
    requests: ({ ada }) => [
      ...fromTab(ada.cookieHeader()),
      ...fromTab(ada.cookieHeader(), "https://new.example.com"),
      ...fromTab(ada.cookieHeader()),
    ],
    inOrder: true,
    lane: [...ALL, "preflight"],
  },
  variable(
    "the prefix of cookies",
    (value) => ({ options: { advanced: { cookiePrefix: value ?? "shop" } } }),
    ALL,
  ),
  variable(
    "how long sessions are",
    (value) => ({ options: { session: { updateAge: value ? 0 : 86_400 } } }),
    ["session", "token", ...PUBLIC],
  ),
  variable("a plugin", (value) => ({ plugins: value ? [plan] : [] }), []),
  variable(
    "a claim",
    (value) => ({ convexOptions: { jwt: { claims: value ? ["email"] : [] } } }),
    ALL,
  ),
  {
    name: "a new secret: cookies of the old one are none",
    then: () => void vi.stubEnv("BETTER_AUTH_SECRET", `${SECRET}-and-more`),
    requests: afterwards,
    inOrder: true,
    lane: ["session", "session with token", ...PUBLIC],
  },
  {
    name: "a secret by another name that was not looked at before",
    then: () => {
      vi.stubEnv("AUTH_SECRET", SECRET);
      vi.stubEnv("BETTER_AUTH_SECRET", undefined);
    },
    requests: afterwards,
    inOrder: true,
    lane: ALL,
  },
  {
    name: "secrets that rotate",
    then: () => void vi.stubEnv("BETTER_AUTH_SECRETS", `2:${SECRET}-new,1:${SECRET}`),
    requests: afterwards,
    inOrder: true,
    lane: [],
  },
  {
    name: "rate limits are off in development",
    then: () => void vi.stubEnv("NODE_ENV", "development"),
    requests: afterwards,
    inOrder: true,
    lane: ALL,
  },
  {
    name: "another address of the deployment",
    then: () => void vi.stubEnv("BETTER_AUTH_URL", "https://auth.example.com"),
    requests: afterwards,
    inOrder: true,
    lane: ALL,
  },
];
