import type { DemoApp } from "./demo-app.js";
import { devServer, exampleFolder } from "./demo-app.js";

export const sveltekit: DemoApp = {
  folder: exampleFolder("sveltekit"),
  port: 5174,
  isOneOrigin: true,
  start: (app, { url, siteUrl }) => {
    const port = String(app.port);
    return devServer(
      app,
      ["vite/bin/vite.js", "dev", "--host", "localhost", "--port", port, "--strictPort"],
      {
        PUBLIC_CONVEX_URL: url,
        PUBLIC_CONVEX_SITE_URL: siteUrl,
        SITE_URL: `http://localhost:${port}`,
      },
    );
  },
};
