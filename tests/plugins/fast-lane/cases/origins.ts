/** Whom the app trusts: pages of other origins, and preflights. */
import type { BetterAuthOptions } from "better-auth";
import { crossDomain } from "../../../../js/plugins/index.js";
import type { LaneCase } from "../case.js";
import { ALL, FEW, few, fromTab } from "../case.js";
import { ORIGIN } from "../support.js";
import type { Code } from "../support.js";

const twoOrigins =
  (routes: Code["routes"] = {}, more: BetterAuthOptions = {}): (() => Code) =>
  () => ({
    plugins: [crossDomain({ siteUrl: ORIGIN })],
    routes: { cors: true, ...routes },
    options: more,
  });

/** Trusted by the app in a form that is no origin, or not one only. */
const trusted = (...trustedOrigins: string[]): LaneCase => ({
  name: `the origins ${trustedOrigins.join(" and ")}`,
  code: () => ({ options: { trustedOrigins }, routes: { cors: true } }),
  requests: () =>
    [ORIGIN, "https://a.example.com", "https://evil.example"].flatMap((origin) =>
      fromTab("", origin, few),
    ),
  // Tabs keep no jar here.
  lane: ["key set", "preflight"],
});

export const originCases: readonly LaneCase[] = [
  {
    name: "two origins",
    code: twoOrigins(),
    requests: ({ ada }) => fromTab(ada.cookieHeader()),
    lane: [...ALL, "preflight"],
  },
  {
    name: "two origins, signed out",
    code: twoOrigins(),
    requests: () => fromTab(""),
    lane: [...ALL, "preflight"],
  },
  {
    name: "origins of the app's",
    code: twoOrigins({}, { trustedOrigins: ["https://two.example.com"] }),
    requests: ({ ada }) => [
      ...fromTab(ada.cookieHeader()),
      ...fromTab(ada.cookieHeader(), "https://two.example.com"),
    ],
    lane: [...ALL, "preflight"],
  },
  {
    name: "origins by a pattern",
    code: twoOrigins({}, { trustedOrigins: ["https://*.example.com", "myapp://"] }),
    requests: ({ ada }) =>
      [ORIGIN, "https://a.example.com", "https://b.example.org", "myapp://", "null"].flatMap(
        (origin) => fromTab(ada.cookieHeader(), origin, few),
      ),
    lane: [...FEW, "preflight"],
  },
  {
    name: "origins by a function",
    code: twoOrigins({}, { trustedOrigins: () => ["https://two.example.com"] }),
    requests: ({ ada }) => fromTab(ada.cookieHeader(), "https://two.example.com"),
    lane: [],
  },
  {
    name: "origins of the routes",
    code: twoOrigins({
      trustedOrigins: ["https://two.example.com"],
      cors: { allowedHeaders: ["X-One"], exposedHeaders: ["X-Two"] },
    }),
    requests: ({ ada }) => fromTab(ada.cookieHeader(), "https://two.example.com"),
    lane: [...ALL, "preflight"],
  },
  {
    name: "a dynamic base URL",
    code: () => ({ options: { baseURL: { allowedHosts: ["*.convex.site"] } } }),
    lane: [],
  },
  trusted("*.example.com", ORIGIN),
  trusted("https://app.example.com/path"),
  trusted("app.example.com"),
];
