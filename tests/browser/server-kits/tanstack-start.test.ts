import { readFileSync } from "node:fs";
import { serverKitTests } from "./suite.js";
import type { ServerKit } from "./support/kit.js";
import { startAlone } from "./tanstack-start-alone.js";

const manifest = new URL("../../../examples/tanstack-start/package.json", import.meta.url);
/** What `npm start` runs. */
const { start } = (JSON.parse(readFileSync(manifest, "utf8")) as { scripts: { start: string } })
  .scripts;

const kit: ServerKit = {
  name: "tanstack-start",
  packages: ["@tanstack/react-start", "@tanstack/react-router", "@convex-dev/react-query", "vite"],
  build: ["vite/bin/vite.js", "build"],
  output: ["dist"],
  start: (port) => [
    "node_modules/srvx/bin/srvx.mjs",
    ...start.replace(/^srvx /, "").split(" "),
    ...["--host", "localhost", "--port", String(port)],
  ],
  env: ({ url, siteUrl }) => ({ VITE_CONVEX_URL: url, VITE_CONVEX_SITE_URL: siteUrl }),
  home: "/",
  second: { path: "/account", link: "Account" },
  homeQueries: 1,
};

serverKitTests(kit, startAlone);
