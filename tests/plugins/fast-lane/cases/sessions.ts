/** Sessions that live, are due, are over or are gone. */
import { vi } from "vitest";
import type { LaneCase, World } from "../case.js";
import { ALL, everything, PUBLIC } from "../case.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lets time pass, and facts be left once more. */
const after =
  (ms: number) =>
  async ({ warm }: World): Promise<void> => {
    vi.setSystemTime(Date.now() + ms);
    await warm();
  };

const withoutJwt = ({ ada }: World): Request[] =>
  everything({ cookie: ada.cookieHeader().replace(/[^ ]*convex_jwt[^ ]*/, "") });

export const sessionCases: readonly LaneCase[] = [
  { name: "signed out", requests: () => everything(), lane: ALL },
  { name: "without the cookie of the JWT", requests: withoutJwt, lane: ALL },
  { name: "an hour later: the token is signed anew", then: after(HOUR), lane: ALL },
  { name: "a moment before it is due for renewal", then: after(DAY - 1000), lane: ALL },
  {
    name: "due for renewal at this very moment",
    then: after(DAY),
    lane: ["session", "token", ...PUBLIC],
  },
  { name: "due for renewal", then: after(DAY + 1000), lane: ["session", "token", ...PUBLIC] },
  { name: "a moment before its end", then: after(7 * DAY - 1000), lane: ["session", ...PUBLIC] },
  { name: "at its end", then: after(7 * DAY), lane: ["session", ...PUBLIC] },
  { name: "over", then: after(7 * DAY + 1), lane: PUBLIC },
  {
    name: "over, without the cookie of the JWT",
    then: after(8 * DAY),
    requests: withoutJwt,
    lane: ["token", ...PUBLIC],
  },
  {
    name: "revoked elsewhere",
    then: async ({ post, signIn }) => {
      const other = await signIn();
      await post(other, "/revoke-other-sessions");
    },
    lane: PUBLIC,
  },
  {
    name: "signed out elsewhere, without the cookie of the JWT",
    then: async ({ ada, post }) => {
      const { cookies } = ada;
      const kept = new Map(cookies);
      await post(ada, "/sign-out");
      for (const [name, value] of kept) cookies.set(name, value);
    },
    requests: withoutJwt,
    lane: ["token", ...PUBLIC],
  },
  {
    name: "of a user who is gone",
    then: ({ edit }) => edit("user", { id: "somebody-else" }),
    lane: PUBLIC,
  },
  {
    name: "of a user who has changed",
    then: async ({ ada, post }) => {
      await post(ada, "/update-user", { name: "Ada Lovelace" });
    },
    lane: ALL,
  },
  {
    name: "without an end",
    then: ({ edit }) => edit("session", { expiresAt: null }),
    lane: PUBLIC,
  },
  {
    name: "with an end that is no time",
    then: ({ edit }) => edit("session", { expiresAt: 9e18 }),
    lane: PUBLIC,
  },
  {
    name: "until the browser closes",
    requests: async ({ signIn }) =>
      everything({ cookie: (await signIn({ rememberMe: false })).cookieHeader() }),
    lane: PUBLIC,
  },
  {
    name: "another person's cookie of the JWT",
    requests: async ({ ada, browser }) => {
      const bob = browser();
      await bob.signUp("bob@example.com");
      const jwt = /[^ ]*convex_jwt=[^;]*/;
      const cookie = ada.cookieHeader().replace(jwt, jwt.exec(bob.cookieHeader())?.[0] ?? "");
      return everything({ cookie });
    },
    lane: ALL,
  },
  {
    name: "keys that cannot be read: those of another secret",
    then: ({ edit }) => edit("gateKeys", { privateKey: "00" }),
    requests: withoutJwt,
    lane: ALL,
  },
  {
    name: "no keys yet",
    then: ({ edit }) => edit("gateKeys", { retiredAt: 1_000 }),
    requests: withoutJwt,
    lane: ["session", "discovery"],
  },
];
