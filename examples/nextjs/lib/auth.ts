import { createNextAuth } from "convex-gate/nextjs";

/** Auth on this server. Values that are undefined here are told by name when a page needs them. */
export const auth = createNextAuth({
  convexUrl: process.env.NEXT_PUBLIC_CONVEX_URL,
  convexSiteUrl: process.env.NEXT_PUBLIC_CONVEX_SITE_URL,
  siteUrl: process.env.SITE_URL,
});
