/** The four Convex files, as the README has them. */
import type { WantedFile } from "../wanted-file.js";
import { acceptTokens, installComponent, mountRoutes } from "../patches/convex-files.js";

/** How the app's plugins and routes differ between frameworks. */
export interface BackendShape {
  /** Whether the browser asks the deployment itself. */
  readonly isCrossDomain: boolean;
  /** The scheme of a native app. */
  readonly scheme?: string | undefined;
}

export function convexFiles(folder: string, { isCrossDomain, scheme }: BackendShape): WantedFile[] {
  const imported = isCrossDomain ? "convex, crossDomain" : "convex";
  const plugins = [
    ...(scheme === undefined ? [] : ["expo()"]),
    ...(isCrossDomain ? ["crossDomain()"] : []),
    "convex({ authConfig })",
  ].join(", ");
  const load = 'async (ctx) => (await import("./auth")).createAuth(ctx)';
  const mount = `registerRoutes(http, ${load}${isCrossDomain ? ", { cors: true }" : ""});`;
  return [
    {
      path: `${folder}/convex.config.ts`,
      text: `import { defineApp } from "convex/server";
import betterAuth from "convex-gate/convex.config";

const app = defineApp();
app.use(betterAuth);

export default app;
`,
      patch: installComponent,
      lines: `import betterAuth from "convex-gate/convex.config";

app.use(betterAuth);
`,
    },
    {
      path: `${folder}/auth.config.ts`,
      text: `import type { AuthConfig } from "convex/server";
import { getAuthConfigProvider } from "convex-gate/auth-config";

export default {
  providers: [getAuthConfigProvider()],
} satisfies AuthConfig;
`,
      patch: acceptTokens,
      lines: `import { getAuthConfigProvider } from "convex-gate/auth-config";

  providers: [getAuthConfigProvider()],
`,
    },
    {
      path: `${folder}/auth.ts`,
      text: authFile(imported, plugins, scheme),
      mark: /from ["']convex-gate["']/,
      lines: authFile(imported, plugins, scheme),
    },
    {
      path: `${folder}/http.ts`,
      text: `import { httpRouter } from "convex/server";
import { registerRoutes } from "convex-gate/http";

const http = httpRouter();
${mount}

export default http;
`,
      patch: mountRoutes({ cors: isCrossDomain }),
      needs: [{ path: `${folder}/auth.ts`, name: "createAuth" }],
      lines: `import { registerRoutes } from "convex-gate/http";

${mount}
`,
    },
  ];
}

function authFile(imported: string, plugins: string, scheme: string | undefined): string {
  const isNative = scheme !== undefined;
  return `${isNative ? 'import { expo } from "@better-auth/expo";\n' : ""}import { betterAuth } from "better-auth/minimal";
import { createClient, type GenericCtx } from "convex-gate";
import { ${imported} } from "convex-gate/plugins";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";

export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true },
${isNative ? `    trustedOrigins: ["${scheme}://"],\n` : ""}    plugins: [${plugins}],
  });

export const { getAuthUser, sessionState } = authComponent.clientApi();
`;
}
