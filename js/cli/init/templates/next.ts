/** Next.js with the App Router, on one origin. */
import { GateError } from "../../../errors/index.js";
import { provideInLayout } from "../patches/next-layout.js";
import type { Project } from "../project.js";
import { answering, inApp, inPages } from "../routes.js";
import { otherClient } from "../other-client.js";
import { specifier } from "../wanted-file.js";
import type { WantedFile } from "../wanted-file.js";
import {
  addressVariable,
  module,
  oneOriginClient,
  ownFile,
  route,
  sessionState,
} from "./shared.js";
import { signInPage } from "./sign-in.js";

export function nextFiles(project: Project, appUrl: string): WantedFile[] {
  const { functions } = project;
  const source = sourceOf(project);
  const client = `${source}lib/auth-client.ts`;
  const server = `${source}lib/auth.ts`;
  const provider = `${source}lib/auth-provider.tsx`;
  const handler = `${source}app/api/auth/[...all]/route.ts`;
  const page = `${source}app/sign-in/page.tsx`;
  const layout = `${source}app/layout.tsx`;
  const api = (from: string): string => specifier(from, `${functions}/_generated/api`);
  const layoutModules = {
    auth: specifier(layout, server),
    authProvider: specifier(layout, provider),
  };
  const there = (address: RegExp): string | undefined =>
    answering(project, `${source}app/`, inApp, address) ??
    answering(project, `${source}pages/`, inPages, address);
  return [
    module(client, oneOriginClient, /convex-gate\/client\/plugins/),
    module(server, SERVER, /convex-gate\/nextjs/),
    module(provider, providerFile(api(provider)), /convex-gate\/react/),
    route(
      {
        ...ownFile(handler, routeFile(specifier(handler, server)), HANDLER_MARK),
        needs: [{ path: server, name: "auth" }],
      },
      // Next refuses two names for one parameter.
      there(/^api\/auth\/\[[^/]*\]$/),
    ),
    proxyFile(project, source, server),
    route(
      ownFile(
        page,
        signInPage({
          authClient: specifier(page, client),
          api: api(page),
          before: '"use client";\n\n',
          declaration: "export default function",
        }),
        /authClient/,
      ),
      there(/^sign-in(\/\[\[[^/]*\]\])?$/),
    ),
    {
      path: layout,
      patch: provideInLayout(layoutModules),
      inPlaceOf: otherClient(project, layout),
      lines: `import { auth } from "${layoutModules.auth}";
import { AuthProvider } from "${layoutModules.authProvider}";

// in an async function, around what is rendered:
<AuthProvider initialState={await auth.getState()}>{children}</AuthProvider>
`,
      needs: [
        sessionState(project),
        { path: client, name: "authClient" },
        { path: server, name: "auth" },
        { path: provider, name: "AuthProvider" },
      ],
    },
    addressVariable("SITE_URL", appUrl),
  ];
}

/** The folder that `app` is in. */
function sourceOf({ read }: Project): string {
  const has = (folder: string): boolean =>
    ["tsx", "jsx", "js"].some((end) => read(`${folder}app/layout.${end}`) !== undefined);
  const folder = ["src/", ""].find(has);
  if (folder !== undefined) return folder;
  throw new GateError(
    "INVALID_OPTION",
    "This app has no app/layout.tsx, the root of Next.js's App Router, which is what init sets up. Run `npx convex-gate init --framework none` for the Convex files alone.",
  );
}

/** Not what Better Auth's own `toNextJsHandler(auth.handler)` has. */
const HANDLER_MARK = /(?:[=>]|return)\s*auth\.handler\b(?!\s*\()/;

const SERVER = `import { createNextAuth } from "convex-gate/nextjs";

export const auth = createNextAuth({
  convexUrl: process.env.NEXT_PUBLIC_CONVEX_URL,
  convexSiteUrl: process.env.NEXT_PUBLIC_CONVEX_SITE_URL,
  siteUrl: process.env.SITE_URL,
});
`;

function routeFile(auth: string): string {
  return `import { auth } from "${auth}";

export const { GET, POST, PUT, PATCH, DELETE } = auth.handler;
`;
}

/** Renews the token before it ends. Next 15 has another name for it; 16 takes either, and refuses both in one app. */
function proxyFile({ read }: Project, source: string, server: string): WantedFile {
  const isOld = /"next":\s*"[^\d"]*15\./.test(read("package.json") ?? "");
  const hasOld = ["ts", "js"].some((end) => read(`${source}middleware.${end}`) !== undefined);
  const name = isOld || hasOld ? "middleware" : "proxy";
  const path = `${source}${name}.ts`;
  const text = `import { auth } from "${specifier(path, server)}";

export const ${name} = auth.proxy();

export const config = {
  // Everything but what Next serves as files, and the icon.
  matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"],
};
`;
  return { ...ownFile(path, text, /auth\.proxy\(/), needs: [{ path: server, name: "auth" }] };
}

function providerFile(api: string): string {
  return `"use client";

import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import type { ConvexBetterAuthProviderProps } from "convex-gate/react";
import { api } from "${api}";
import { authClient } from "./auth-client";

const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!, {
  initialAuthTokenReuse: true,
});

type AuthProviderProps = Pick<ConvexBetterAuthProviderProps, "initialState" | "children">;

export function AuthProvider({ initialState, children }: AuthProviderProps) {
  return (
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      initialState={initialState}
      sessionQuery={api.auth.sessionState}
    >
      {children}
    </ConvexBetterAuthProvider>
  );
}
`;
}
