import type { ServerKit } from "./kit.js";

export const sveltekit: ServerKit = {
  name: "sveltekit",
  packages: ["@sveltejs/kit", "@sveltejs/adapter-node", "svelte", "convex-svelte", "vite"],
  build: ["vite/bin/vite.js", "build"],
  output: ["build"],
  start: () => ["build"],
  env: ({ url, siteUrl }) => ({ PUBLIC_CONVEX_URL: url, PUBLIC_CONVEX_SITE_URL: siteUrl }),
  home: "/",
  second: { path: "/account", link: "Account" },
  homeQueries: 1,
};
