/** The four Convex files, as the README has them. */
import { withoutComments } from "../../comments.js";
import { nativeLacks } from "../../native-needs.js";
import type { Patch } from "../patches/edit.js";
import type { WantedFile } from "../wanted-file.js";
import type { Project } from "../project.js";
import {
  acceptTokens,
  hasOtherProvider,
  installComponent,
  mountRoutes,
} from "../patches/convex-files.js";

/** How the app's plugins and routes differ between frameworks. */
export interface BackendShape {
  /** Whether the browser asks the deployment itself. */
  readonly isCrossDomain: boolean;
  /** The scheme of a native app. */
  readonly scheme?: string | undefined;
}

export function convexFiles(
  project: Project,
  { isCrossDomain, scheme }: BackendShape,
): WantedFile[] {
  const { functions: folder, read } = project;
  const hasOther = ["ts", "js"].some((dot) => {
    const path = `${folder}/auth.config.${dot}`;
    return hasOtherProvider(read(path) ?? "", path);
  });
  const imported = isCrossDomain ? "convex, crossDomain" : "convex";
  const plugins = [
    ...(scheme === undefined ? [] : ["expo()"]),
    ...(isCrossDomain ? ["crossDomain()"] : []),
    "convex({ authConfig })",
  ].join(", ");
  const load = 'async (ctx) => (await import("./auth")).createAuth(ctx)';
  const mount = `registerRoutes(http, ${load}${isCrossDomain ? ", { cors: true }" : ""});`;
  const auth = authFile({ imported, plugins, scheme, hasOther });
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
      text: auth,
      ...(scheme === undefined ? { mark: OURS } : { patch: keptIfNative(project, scheme) }),
      lines: auth,
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

/** What an `auth.ts` has that is made with this package. */
const OURS = /from ["']convex-gate["']/;

/** An `auth.ts` that may have been there before the native app was: what it then lacks is left to its author. */
function keptIfNative({ functionSources }: Project, scheme: string): Patch {
  return (code) => {
    if (!OURS.test(code)) return undefined;
    const lacks = nativeLacks([...functionSources(), { text: withoutComments(code) }], scheme);
    const lines = [
      ...(lacks.plugin ? ['import { expo } from "@better-auth/expo";\n'] : []),
      ...(lacks.scheme
        ? [`// Among the options of betterAuth:\n    trustedOrigins: ["${scheme}://"],`]
        : []),
      ...(lacks.plugin ? ["// Among its plugins:\n    expo(),"] : []),
    ];
    return lines.length === 0 ? "is-there" : { lines: `${lines.join("\n")}\n` };
  };
}

interface AuthFile {
  readonly imported: string;
  readonly plugins: string;
  readonly scheme: string | undefined;
  /** Whether `auth.config.ts` has a provider that `convex()` must not see. */
  readonly hasOther: boolean;
}

function authFile({ imported, plugins, scheme, hasOther }: AuthFile): string {
  const isNative = scheme !== undefined;
  return `${isNative ? 'import { expo } from "@better-auth/expo";\n' : ""}import { betterAuth } from "better-auth/minimal";
import { createClient, type GenericCtx } from "convex-gate";
${hasOther ? 'import { getAuthConfigProvider } from "convex-gate/auth-config";\n' : ""}import { ${imported} } from "convex-gate/plugins";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
${hasOther ? OWN_CONFIG : 'import authConfig from "./auth.config";\n'}
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

const OWN_CONFIG = `
// Of auth.config.ts our provider alone: convex() takes one.
const authConfig = { providers: [getAuthConfigProvider()] };
`;
