import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      // The functions of all examples, and their styles, are those of examples/react.
      alias: { $convex: "../react/convex" },
      // Sign in with Apple answers with a form of its own site (docs/sveltekit.md).
      csrf: { trustedOrigins: ["https://appleid.apple.com"] },
    }),
  ],
  server: { fs: { allow: ["../react"] } },
});
