import adapter from "@sveltejs/adapter-node";

/** @type {import("@sveltejs/kit").Config} */
export default {
  kit: {
    adapter: adapter(),
    alias: { $convex: "../react/convex" },
    // Sign in with Apple answers with a form of its own site (docs/sveltekit.md).
    csrf: { trustedOrigins: ["https://appleid.apple.com"] },
  },
};
