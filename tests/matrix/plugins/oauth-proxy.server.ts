import { oAuthProxy } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";
import { sets as oauth } from "./generic-oauth.server.js";

const base = oauth["generic-oauth"];

/** A preview of the app at another origin of the same deployment. */
export const sets: ServerSets = {
  "oauth-proxy": {
    ...base,
    plugins: (env) => [
      ...(base?.plugins?.(env) ?? []),
      oAuthProxy({
        productionURL: env("CONVEX_SITE_URL"),
        currentURL: env("CONVEX_SITE_URL").replace("127.0.0.1", "localhost"),
      }),
    ],
    options: (env) => ({
      ...base?.options?.(env),
      trustedOrigins: [env("CONVEX_SITE_URL").replace("127.0.0.1", "localhost")],
    }),
  },
};
