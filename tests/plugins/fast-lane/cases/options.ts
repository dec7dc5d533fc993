/** Options of Better Auth and of `convex()`. */
import type { BetterAuthOptions } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { getAuthConfigProvider } from "../../../../js/auth-config/index.js";
import type { Browser } from "../../support/app.js";
import type { LaneCase, World } from "../case.js";
import { ALL, everything, PUBLIC } from "../case.js";
import { get } from "../support.js";
import type { Code } from "../support.js";

const options =
  (given: BetterAuthOptions): (() => Code) =>
  () => ({ options: given });

/** Gives Ada a picture in her row. */
const large = async (post: World["post"], ada: Browser): Promise<void> =>
  void (await post(ada, "/update-user", { image: `data:image/png;base64,${"A".repeat(4000)}` }));

const secondary = new Map<string, string>();

export const optionCases: readonly LaneCase[] = [
  { name: "one origin", lane: ALL },
  {
    name: "a hook before",
    code: options({
      hooks: {
        before: createAuthMiddleware(async (ctx) => {
          ctx.setHeader("x-hook", "before");
        }),
      },
    }),
    lane: [],
  },
  {
    name: "a hook after",
    code: options({
      hooks: {
        after: createAuthMiddleware(async (ctx) => {
          ctx.setHeader("x-hook", "after");
        }),
      },
    }),
    lane: [],
  },
  {
    name: "the cookie cache",
    code: options({ session: { cookieCache: { enabled: true, maxAge: 300 } } }),
    lane: PUBLIC,
  },
  {
    name: "secondary storage",
    code: options({
      session: { storeSessionInDatabase: true },
      rateLimit: { storage: "database" },
      secondaryStorage: {
        get: (key) => secondary.get(key) ?? null,
        set: (key, value) => void secondary.set(key, value),
        delete: (key) => void secondary.delete(key),
      } as NonNullable<BetterAuthOptions["secondaryStorage"]>,
    }),
    lane: PUBLIC,
  },
  {
    name: "a secret in the options",
    code: options({ secret: "another-secret-of-the-tests-with-enough-length" }),
    lane: [],
  },
  {
    name: "secrets in the options",
    code: options({
      secrets: [{ version: 1, value: "another-secret-of-the-tests-with-length-1" }],
    }),
    lane: [],
  },
  {
    name: "sessions that are not renewed",
    code: options({ session: { disableSessionRefresh: true } }),
    lane: ALL,
  },
  {
    name: "sessions that are renewed each time",
    code: options({ session: { updateAge: 0 } }),
    // Those that ask for no renewal.
    lane: ["session", "token", ...PUBLIC],
  },
  {
    name: "sessions that a get-session does not renew",
    code: options({ session: { deferSessionRefresh: true } }),
    lane: PUBLIC,
  },
  {
    name: "sessions of two minutes",
    code: options({ session: { expiresIn: 120, updateAge: 60 } }),
    lane: ALL,
  },
  {
    name: "sessions of ten seconds, within a token's leeway",
    code: options({ session: { expiresIn: 10, updateAge: 5 } }),
    lane: ALL,
  },
  {
    name: "another prefix of cookies",
    code: options({ advanced: { cookiePrefix: "shop" } }),
    lane: ALL,
  },
  {
    name: "another name of the session cookie",
    code: options({ advanced: { cookies: { session_token: { name: "sid" } } } }),
    lane: PUBLIC,
  },
  {
    name: "cookies that are not secure",
    code: options({ advanced: { useSecureCookies: false } }),
    lane: ALL,
  },
  {
    name: "cookies of all subdomains",
    code: options({
      advanced: { crossSubDomainCookies: { enabled: true, domain: "example.com" } },
    }),
    lane: ALL,
  },
  {
    name: "cookies for other sites",
    code: options({
      advanced: { defaultCookieAttributes: { sameSite: "none", secure: true, partitioned: true } },
    }),
    requests: ({ ada }) =>
      everything({ cookie: ada.cookieHeader().replace(/[^ ]*convex_jwt[^ ]*/, "") }),
    lane: ["session", "session with token", ...PUBLIC],
  },
  {
    name: "another base path",
    code: () => ({
      options: { basePath: "/auth" },
      routes: { basePath: "/auth" },
      convexOptions: {
        authConfig: {
          providers: [getAuthConfigProvider({ algorithm: "ES256", basePath: "/auth" })],
        },
      },
    }),
    lane: ALL,
  },
  {
    name: "a path that is disabled",
    code: options({ disabledPaths: ["/get-session"] }),
    lane: ["token", ...PUBLIC],
  },
  {
    name: "fields of the app's",
    code: options({
      user: {
        additionalFields: {
          nickname: { type: "string", required: false, defaultValue: "none" },
          pin: { type: "string", required: false, returned: false, defaultValue: "1234" },
          born: { type: "date", required: false },
          points: { type: "number", required: false, defaultValue: 3, fieldName: "score" },
          tags: { type: "string[]", required: false },
        },
      },
      session: {
        additionalFields: { theme: { type: "string", required: false, defaultValue: "dark" } },
      },
    }),
    lane: ALL,
  },
  {
    name: "a field that holds JSON",
    code: options({ user: { additionalFields: { settings: { type: "json", required: false } } } }),
    then: ({ edit }) => edit("user", { settings: '{"a":1}' }),
    lane: ["token", ...PUBLIC],
  },
  {
    name: "a field that is made another on its way out",
    code: options({
      user: {
        additionalFields: {
          loud: {
            type: "string",
            required: false,
            defaultValue: "hey",
            transform: { output: (value) => `${String(value)}!` },
          },
        },
      },
    }),
    lane: PUBLIC,
  },
  {
    name: "fields by other names",
    code: options({
      user: { fields: { name: "fullName" } },
      session: { fields: { expiresAt: "ends" } },
    }),
    lane: ["token", ...PUBLIC],
  },
  {
    name: "a hook of the database",
    code: options({
      databaseHooks: { session: { update: { before: async (data) => ({ data }) } } },
    }),
    lane: ALL,
  },
  {
    name: "claims of the app's",
    code: () => ({
      convexOptions: { jwt: { definePayload: ({ user }) => ({ name: user.name, plan: "free" }) } },
    }),
    lane: ["session", "discovery"],
  },
  {
    name: "claims by name, and a short life of tokens",
    code: () => ({ convexOptions: { jwt: { claims: ["email"], expirationTime: "5m" } } }),
    lane: ALL,
  },
  {
    name: "a claim that makes the JWT too large for a cookie",
    code: () => ({ convexOptions: { jwt: { claims: ["image"] } } }),
    then: ({ ada, post }) => large(post, ada),
    lane: ALL,
  },
  {
    name: "such a claim, and the JWT from before in the cookie",
    code: () => ({ convexOptions: { jwt: { claims: ["image"] } } }),
    then: async ({ ada, post }) => {
      const before = new Map(ada.cookies);
      await large(post, ada);
      for (const [name, value] of before) ada.cookies.set(name, value);
    },
    lane: ALL,
  },
  {
    name: "an instance that the app has put something around",
    code: () => ({
      around: (auth) => ({
        ...auth,
        handler: async (request) => {
          const answer = await auth.handler(request);
          return new Response(answer.body, { status: answer.status, headers: { "x-mine": "1" } });
        },
      }),
    }),
    lane: [],
  },
  {
    name: "an adapter that the app has put something around",
    code: () => ({
      wrap: (adapter) => ({
        ...adapter,
        async findOne<Row>(question: Parameters<typeof adapter.findOne>[0]) {
          const row = await adapter.findOne<{ user?: object }>(question);
          return (row?.user ? { ...row, user: { ...row.user, name: "Ms A" } } : row) as Row | null;
        },
      }),
    }),
    lane: ["token", ...PUBLIC],
  },
  {
    name: "no rows are left of a key",
    requests: ({ ada }) => [get("/convex/jwks", { cookie: ada.cookieHeader() })],
    then: ({ edit }) => edit("gateKeys", { retiredAt: 1_700_000_000_000 }),
    lane: [],
  },
  {
    name: "no cache of tokens",
    // Of one text RS256 has one signature.
    code: () => ({
      convexOptions: {
        jwtCache: false,
        authConfig: { providers: [getAuthConfigProvider({ algorithm: "RS256" })] },
      },
    }),
    lane: ALL,
  },
  {
    name: "errors that the app is told of",
    code: options({ onAPIError: { onError: () => undefined } }),
    lane: [],
  },
  {
    name: "options that are read from the deployment",
    code: () => ({
      async loading({ runQuery }, { gate }) {
        await runQuery(gate.listKeys as never, {} as never);
      },
    }),
    lane: [],
  },
];
