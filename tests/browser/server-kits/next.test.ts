import { serverKitTests } from "./suite.js";

serverKitTests({
  name: "nextjs",
  packages: ["next"],
  build: ["next/dist/bin/next", "build"],
  output: [".next"],
  start: (port) => ["node_modules/next/dist/bin/next", "start", "-p", String(port)],
  env: ({ url, siteUrl }) => ({
    NEXT_PUBLIC_CONVEX_URL: url,
    NEXT_PUBLIC_CONVEX_SITE_URL: siteUrl,
  }),
  home: "/",
  second: { path: "/account", link: "Account" },
  signedOutPath: "/sign-in",
  homeQueries: 1,
});
