import type { DemoApp } from "./demo-app.js";
import { devServer, exampleFolder } from "./demo-app.js";

export const nextjs: DemoApp = {
  folder: exampleFolder("nextjs"),
  port: 3000,
  isOneOrigin: true,
  start: (app, { url, siteUrl }) =>
    devServer(app, ["next/dist/bin/next", "dev", "-p", String(app.port)], {
      NEXT_PUBLIC_CONVEX_URL: url,
      NEXT_PUBLIC_CONVEX_SITE_URL: siteUrl,
      SITE_URL: `http://localhost:${String(app.port)}`,
      NEXT_TELEMETRY_DISABLED: "1",
    }),
};
