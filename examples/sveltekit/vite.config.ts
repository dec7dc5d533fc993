import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [sveltekit()],
  // The functions of all examples, and their styles, are those of examples/react.
  server: { fs: { allow: ["../react"] } },
});
