import { fileURLToPath } from "node:url";
import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The example shares files and packages with its neighbours; an app of its own needs none of what this is for.
const repository = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  plugins: [tanstackStart(), react()],
  resolve: {
    alias: {
      "@convex": `${repository}examples/react/convex`,
      "@shared": `${repository}examples/react/src`,
    },
    dedupe: ["react", "react-dom", "convex", "better-auth"],
  },
  server: { fs: { allow: [repository] } },
});
