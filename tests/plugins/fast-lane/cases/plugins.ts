/** Plugins beside ours that have a say in sessions, and some that have none. */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { admin } from "better-auth/plugins/admin";
import { anonymous } from "better-auth/plugins/anonymous";
import { bearer } from "better-auth/plugins/bearer";
import { customSession } from "better-auth/plugins/custom-session";
import { jwt } from "better-auth/plugins/jwt";
import { lastLoginMethod } from "better-auth/plugins";
import { magicLink } from "better-auth/plugins/magic-link";
import { multiSession } from "better-auth/plugins/multi-session";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { username } from "better-auth/plugins/username";
import { crossDomain } from "../../../../js/plugins/index.js";
import type { Code } from "../support.js";
import { ORIGIN } from "../support.js";
import type { LaneCase } from "../case.js";
import { account, ALL, everything, PUBLIC } from "../case.js";

const beside =
  (...plugins: BetterAuthPlugin[]): (() => Code) =>
  () => ({ plugins });

const hooked = (path: string, event: "before" | "after"): BetterAuthPlugin => ({
  id: "hooked",
  hooks: {
    [event]: [
      {
        matcher: (ctx: { path?: string }) => ctx.path === path,
        handler: createAuthMiddleware(async (ctx) => {
          ctx.setHeader("x-plugin", event);
        }),
      },
    ],
  },
});

export const pluginCases: readonly LaneCase[] = [
  {
    name: "customSession()",
    code: beside(customSession(async ({ user, session }) => ({ user, session, plan: "free" }))),
    lane: [],
  },
  { name: "bearer(), and cookies", code: beside(bearer()), lane: [] },
  {
    name: "bearer()",
    code: beside(bearer()),
    requests: ({ ada }) => {
      const token = decodeURIComponent(ada.cookie("session_token") ?? "");
      const name = [...ada.cookies.keys()].find((each) => each.endsWith("session_token")) ?? "";
      const signed = decodeURIComponent(ada.cookies.get(name) ?? "");
      return [token, signed, "nobody"].flatMap((each) => [
        ...everything({ authorization: `Bearer ${each}` }),
        ...everything({ authorization: `bearer ${each}`, cookie: ada.cookieHeader() }),
      ]);
    },
    lane: [],
  },
  {
    name: "multiSession()",
    code: beside(multiSession()),
    requests: async ({ ada, post }) => {
      await post(ada, "/sign-up/email", account({ email: "bob@example.com" }));
      return everything({ cookie: ada.cookieHeader() });
    },
    lane: [],
  },
  { name: "jwt() of Better Auth", code: beside(jwt()), lane: ["token", ...PUBLIC] },
  {
    name: "organization(), with an active one",
    code: beside(organization()),
    then: async ({ ada, post }) => {
      await post(ada, "/organization/create", { name: "Engines", slug: "engines" });
    },
    lane: ALL,
  },
  {
    name: "admin(), of somebody who acts as another",
    code: beside(admin()),
    then: async ({ ada, browser, edit, post }) => {
      await edit("user", { role: "admin" });
      const bob = await post(browser(), "/sign-up/email", account({ email: "bob@example.com" }));
      const { user } = bob as { user: { id: string } };
      await post(ada, "/admin/impersonate-user", { userId: user.id });
    },
    // Such a session ends with the browser.
    lane: PUBLIC,
  },
  {
    name: "admin(), of a user who was banned",
    code: beside(admin()),
    then: ({ edit }) => edit("user", { banned: true }),
    lane: ALL,
  },
  { name: "anonymous()", code: beside(anonymous()), lane: ALL },
  { name: "lastLoginMethod()", code: beside(lastLoginMethod()), lane: [] },
  {
    name: "magicLink(), twoFactor() and username()",
    code: beside(magicLink({ sendMagicLink: async () => undefined }), twoFactor(), username()),
    lane: ALL,
  },
  {
    name: "a hook of get-session",
    code: beside(hooked("/get-session", "after")),
    lane: ["token", ...PUBLIC],
  },
  {
    name: "a hook before the token",
    code: beside(hooked("/convex/token", "before")),
    lane: ["session", "session with token", "token", ...PUBLIC],
  },
  { name: "a hook of another path", code: beside(hooked("/sign-in/email", "after")), lane: ALL },
  {
    name: "a hook that goes by more than the path",
    code: beside({
      id: "own",
      hooks: {
        before: [
          {
            matcher: ({ headers }) => headers?.get("x-own") !== undefined && false,
            handler: createAuthMiddleware(async () => undefined),
          },
        ],
      },
    }),
    lane: [],
  },
  {
    name: "a plugin that sees every request",
    code: beside({
      id: "request",
      onRequest: async (request) => {
        const headers = new Headers(request.headers);
        if (new URL(request.url).pathname.endsWith("get-session")) headers.delete("cookie");
        return { request: new Request(request, { headers }) };
      },
    }),
    lane: [],
  },
  {
    name: "a plugin that sees every response",
    code: beside({
      id: "response",
      onResponse: async (response) => {
        const headers = new Headers(response.headers);
        headers.set("x-response", "seen");
        return { response: new Response(response.body, { status: response.status, headers }) };
      },
    }),
    lane: [],
  },
  {
    name: "a plugin of ours to which the app has added something",
    code: () => ({
      plugins: [
        {
          ...crossDomain({ siteUrl: ORIGIN }),
          async onResponse(response) {
            response.headers.set("x-response", "seen");
            return { response };
          },
        },
      ],
    }),
    lane: [],
  },
  {
    name: "a plugin with a middleware",
    code: beside({
      id: "middleware",
      middlewares: [
        {
          path: "/get-session",
          middleware: createAuthMiddleware(async () => {
            throw new Error("closed");
          }),
        },
      ],
    }),
    lane: [],
  },
  {
    name: "a plugin with a rate limit",
    code: () => ({
      options: {
        advanced: { ipAddress: { ipAddressHeaders: ["x-visitor"] } },
        rateLimit: { enabled: true, storage: "database" },
      },
      plugins: [
        {
          id: "limited",
          rateLimit: [
            { pathMatcher: (path: string) => path === "/get-session", window: 60, max: 1 },
          ],
        },
      ],
    }),
    requests: ({ ada }) => [
      ...everything({ cookie: ada.cookieHeader(), "x-visitor": "203.0.113.7" }),
      ...everything({ cookie: ada.cookieHeader(), "x-visitor": "203.0.113.7" }),
    ],
    inOrder: true,
    // `convex()` exempts these paths by rules of the app's kind, which come after those of plugins.
    lane: ALL,
  },
  {
    name: "a plugin that adds a field to sessions and makes its value",
    code: beside({
      id: "fields",
      schema: {
        session: {
          fields: { mood: { type: "string", required: false, defaultValue: () => "calm" } },
        },
      },
    }),
    lane: ALL,
  },
];
