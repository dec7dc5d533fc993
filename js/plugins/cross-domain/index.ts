import type { BetterAuthPlugin } from "better-auth";
import { GateError } from "../../errors/index.js";
import { runLast } from "../shared/finish.js";
import { crossDomainEndpoints } from "./endpoints.js";
import type { CrossDomainEndpoints } from "./endpoints.js";
import { readClientRequest, readOpenedLink } from "./request.js";
import { answerClient } from "./response.js";

export type { CrossDomainEndpoints, RedeemAnswer, RedeemBody } from "./endpoints.js";

/** Options of the `crossDomain()` plugin. */
export interface CrossDomainOptions {
  /**
   * The origin of the frontend, for example `https://app.example.com`. Trusted, and the base of
   * relative callback URLs.
   */
  readonly siteUrl: string;
}

/** The plugin that `crossDomain()` returns. */
export type CrossDomainPlugin = {
  id: "cross-domain";
  init: NonNullable<BetterAuthPlugin["init"]>;
  hooks: { before: NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["before"]> };
  endpoints: CrossDomainEndpoints;
};

/**
 * The Better Auth server plugin for a frontend on another site than the Convex deployment, where
 * browsers would block cookies. For requests of `crossDomainClient()`, and only for those: cookies
 * travel in `Better-Auth-Cookie` and `Set-Better-Auth-Cookie`, relative callback URLs mean pages of
 * the frontend, and redirects bring a one-time token that only the tab which started them can
 * redeem.
 *
 * Throws `ENV_MISSING` when `siteUrl` is not set and `INVALID_OPTION` when it is no http(s) URL.
 */
export function crossDomain(options: CrossDomainOptions): CrossDomainPlugin {
  const siteUrl = checkedUrl(options.siteUrl);
  const { origin } = new URL(siteUrl);
  return {
    id: "cross-domain",
    init: ({ trustedOrigins }) => ({
      options: { trustedOrigins: [origin], ...runLast("convex-cross-domain", answerClient()) },
      // Better Auth collects the context's list before plugins run, and everything but its handler
      // reads that list.
      context: { trustedOrigins: [...trustedOrigins, origin] },
    }),
    hooks: { before: [readClientRequest(siteUrl), readOpenedLink(siteUrl)] },
    endpoints: crossDomainEndpoints(),
  };
}

/**
 * The option comes from `process.env.SITE_URL!` as a rule, so what is promised to be a string may
 * be missing.
 */
function checkedUrl(siteUrl: string | undefined): string {
  if (siteUrl === undefined || siteUrl === "")
    throw new GateError(
      "ENV_MISSING",
      "crossDomain({ siteUrl }): siteUrl is not set. Run `npx convex env set SITE_URL http://localhost:5173` with the address of your frontend.",
      { meta: { variable: "SITE_URL", option: "siteUrl" } },
    );
  if (!URL.canParse(siteUrl) || !/^https?:$/.test(new URL(siteUrl).protocol))
    throw new GateError(
      "INVALID_OPTION",
      "crossDomain({ siteUrl }): siteUrl must be an http(s) URL, for example https://app.example.com.",
      { meta: { option: "siteUrl" } },
    );
  return siteUrl;
}
