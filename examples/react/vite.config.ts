import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The package is linked, so without this its React would be another one than the app's.
  resolve: { dedupe: ["react", "react-dom", "convex", "better-auth"] },
});
