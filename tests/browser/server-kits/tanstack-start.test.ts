import { serverKitTests } from "./suite.js";
import type { ServerKit } from "./support/kit.js";
import { startAlone } from "./tanstack-start-alone.js";

const kit: ServerKit = {
  name: "tanstack-start",
  packages: ["@tanstack/react-start", "@tanstack/react-router", "@convex-dev/react-query", "vite"],
  build: ["vite/bin/vite.js", "build"],
  output: ["dist"],
  start: (port) => [
    "node_modules/srvx/bin/srvx.mjs",
    ...["serve", "--prod", "--host", "localhost", "--port", String(port)],
    ...["--static", "../client", "--entry", "dist/server/server.js"],
  ],
  env: ({ url, siteUrl }) => ({ VITE_CONVEX_URL: url, VITE_CONVEX_SITE_URL: siteUrl }),
  home: "/",
  second: { path: "/account", link: "Account" },
  homeQueries: 1,
};

serverKitTests(kit, startAlone);
