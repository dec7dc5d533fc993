import { createStartAuth } from "convex-gate/tanstack-start";

export const auth = createStartAuth({
  convexUrl: import.meta.env.VITE_CONVEX_URL,
  convexSiteUrl: import.meta.env.VITE_CONVEX_SITE_URL,
  siteUrl: import.meta.env.VITE_SITE_URL,
});
