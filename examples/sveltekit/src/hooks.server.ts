import { env } from "$env/dynamic/private";
import { env as publicEnv } from "$env/dynamic/public";
import { createAuthHandle } from "convex-gate/sveltekit";

export const handle = createAuthHandle({
  convexUrl: publicEnv.PUBLIC_CONVEX_URL,
  convexSiteUrl: publicEnv.PUBLIC_CONVEX_SITE_URL,
  siteUrl: env.SITE_URL,
  proxy: { secret: env.PROXY_SECRET },
});
