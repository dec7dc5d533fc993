import type { DemoApp } from "./demo-app.js";
import { devServer, exampleFolder } from "./demo-app.js";

export const tanstackStart: DemoApp = {
  folder: exampleFolder("tanstack-start"),
  port: 3000,
  isOneOrigin: true,
  start: (app, { url, siteUrl }) =>
    devServer(app, ["vite/bin/vite.js", "dev", "--port", String(app.port), "--strictPort"], {
      VITE_CONVEX_URL: url,
      VITE_CONVEX_SITE_URL: siteUrl,
      VITE_SITE_URL: `http://localhost:${String(app.port)}`,
    }),
};
