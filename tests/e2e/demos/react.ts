import { createServer } from "vite";
import type { DemoApp } from "./demo-app.js";
import { exampleFolder } from "./demo-app.js";

export const react: DemoApp = {
  folder: exampleFolder("react"),
  port: 5173,
  isOneOrigin: false,
  async start({ folder, port }, { url, siteUrl }) {
    process.env["VITE_CONVEX_URL"] = url;
    process.env["VITE_CONVEX_SITE_URL"] = siteUrl;
    const app = await createServer({
      root: folder,
      server: { port, strictPort: true, host: "localhost" },
      logLevel: "warn",
    });
    return app.listen();
  },
};
