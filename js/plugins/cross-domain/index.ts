import type { BetterAuthPlugin } from "better-auth";
import { setSiteUrl, SITE_URL, webOrigin } from "../../auth-config/app-origin.js";
import { readEnv } from "../../auth-config/env.js";
import { GateError } from "../../errors/index.js";
import { asOwn } from "../shared/own-plugins.js";
import type { Sites } from "./addresses.js";
import { verificationAtHome } from "./device.js";
import type { Edge, OnRequest } from "./edge.js";
import { createEdge } from "./edge.js";
import { enclose } from "./enclose.js";
import { startsAtHome } from "./start.js";

/** Options of the `crossDomain()` plugin. */
export interface CrossDomainOptions {
  /**
   * The origin of the frontend, for example `https://app.example.com`, or several. They are trusted. The first is where a
   * flow ends that names no frontend of its own.
   * @default the deployment's variable `SITE_URL`
   */
  readonly siteUrl?: string | readonly string[] | undefined;
}

/** The plugin that `crossDomain()` returns. */
export type CrossDomainPlugin = {
  id: "cross-domain";
  init: NonNullable<BetterAuthPlugin["init"]>;
  hooks: { after: NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]> };
  onRequest: OnRequest;
  /** For the other plugins of the app, see `enclose`. */
  edge: Edge;
};

/**
 * The Better Auth server plugin for a frontend on another site than the Convex deployment, where browsers would block
 * cookies. For a tab with `crossDomainClient()` both behave as one origin: its cookies travel in `Better-Auth-Cookie` and
 * `Set-Better-Auth-Cookie`, relative addresses mean pages of its own origin, and navigations that arrive at the
 * deployment, as a provider's callback or the link of a mail, are brought home to the tab, which goes on with them.
 *
 * Stands anywhere in `plugins`. Throws `ENV_MISSING` when neither `siteUrl` nor `SITE_URL` is set and `INVALID_OPTION` when it is no http(s)
 * URL. Imported from `convex-gate/plugins`.
 */
export function crossDomain(options: CrossDomainOptions = {}): CrossDomainPlugin {
  const sites = checkedSites(options.siteUrl ?? readEnv(SITE_URL));
  const origins = sites.map(({ origin }) => origin);
  const edge = createEdge(sites);
  return asOwn({
    id: "cross-domain",
    init: ({ options: { plugins = [] }, trustedOrigins }) => {
      enclose(plugins);
      return {
        options: {
          trustedOrigins: origins,
          databaseHooks: startsAtHome,
          // Options that a plugin returns are appended (Better Auth 1.7, `runPluginInit`): this one comes last.
          plugins: [asOwn({ id: "cross-domain-answers", onResponse: edge.onResponse })],
        },
        // Better Auth collects the context's list before plugins run, and everything but its handler reads that list.
        context: { trustedOrigins: [...trustedOrigins, ...origins] },
      };
    },
    hooks: { after: [verificationAtHome(sites)] },
    onRequest: edge.onRequest,
    edge,
  });
}

/** The option may come from `process.env.SITE_URL!`, so what is promised to be a string may be missing or empty. */
function checkedSites(siteUrl: string | readonly string[] | undefined): Sites {
  const given: readonly (string | undefined)[] = Array.isArray(siteUrl) ? siteUrl : [siteUrl];
  const [first, ...others] = given.map(checkedSite);
  return first ? [first, ...others] : [checkedSite(undefined)];
}

function checkedSite(siteUrl: string | undefined): URL {
  if (siteUrl === undefined || siteUrl === "")
    throw new GateError(
      "ENV_MISSING",
      "crossDomain(): SITE_URL is not set. Run `npx convex env set SITE_URL http://localhost:5173` with the address of your frontend, for production with --prod.",
      { meta: { variable: "SITE_URL", option: "siteUrl" } },
    );
  if (webOrigin(siteUrl) === undefined)
    throw new GateError(
      "INVALID_OPTION",
      `crossDomain(): siteUrl must be one http(s) URL, not "${siteUrl}". If it is SITE_URL: ${setSiteUrl(siteUrl)} Several ` +
        "frontends are a list: crossDomain({ siteUrl: [...] }).",
      { meta: { option: "siteUrl" } },
    );
  return new URL(siteUrl);
}
