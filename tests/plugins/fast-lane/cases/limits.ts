/** Rate limits: a request that is counted goes the full way. */
import type { BetterAuthOptions } from "better-auth";
import type { LaneCase } from "../case.js";
import { ALL, FEW, few } from "../case.js";
import type { Code } from "../support.js";

const limits = (rateLimit: BetterAuthOptions["rateLimit"]) => (): Code => ({
  options: { advanced: { ipAddress: { ipAddressHeaders: ["x-visitor"] } }, rateLimit },
});

/** The same, many times: limits are reached. */
const often = (cookie: string): Request[] =>
  Array.from({ length: 5 }, () => few({ cookie, "x-visitor": "203.0.113.7" })).flat();

export const limitCases: readonly LaneCase[] = [
  {
    name: "as they are in production",
    code: limits(undefined),
    inOrder: true,
    requests: ({ ada }) => often(ada.cookieHeader()),
    lane: FEW,
  },
  {
    name: "in the database",
    code: limits({ enabled: true, storage: "database", window: 60, max: 3 }),
    requests: ({ ada }) => often(ada.cookieHeader()),
    inOrder: true,
    lane: FEW,
  },
  {
    name: "of one path",
    code: limits({ customRules: { "/get-session": { window: 60, max: 2 } } }),
    requests: ({ ada }) => often(ada.cookieHeader()),
    inOrder: true,
    status: 429,
    lane: ["token", "key set"],
  },
  {
    name: "of many paths",
    code: limits({ customRules: { "/convex/*": { window: 60, max: 4 } } }),
    requests: ({ ada }) => often(ada.cookieHeader()),
    inOrder: true,
    status: 429,
    lane: ["session with token"],
  },
  {
    name: "none",
    code: limits({ enabled: false }),
    lane: ALL,
  },
];
