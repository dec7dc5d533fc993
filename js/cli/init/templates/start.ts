/** TanStack Start, on one origin. */
import { provideInRoot } from "../patches/root-route.js";
import type { Project } from "../project.js";
import { answering, inStart } from "../routes.js";
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

export function startFiles(project: Project, appUrl: string): WantedFile[] {
  const { source, functions } = project;
  const client = `${source}lib/auth-client.ts`;
  const server = `${source}lib/auth.ts`;
  const provider = `${source}lib/auth-provider.tsx`;
  const handler = `${source}routes/api/auth/$.ts`;
  const page = `${source}routes/sign-in.tsx`;
  const root = `${source}routes/__root.tsx`;
  const api = (from: string): string => specifier(from, `${functions}/_generated/api`);
  const rootModules = { auth: specifier(root, server), authProvider: specifier(root, provider) };
  const there = (address: RegExp): string | undefined =>
    answering(project, `${source}routes/`, inStart, address);
  return [
    module(client, oneOriginClient, /convex-gate\/client\/plugins/),
    module(server, SERVER, /convex-gate\/tanstack-start/),
    module(provider, providerFile(api(provider)), /convex-gate\/tanstack-start/),
    route(
      {
        ...ownFile(handler, routeFile(specifier(handler, server)), /auth\.handler/),
        needs: [{ path: server, name: "auth" }],
      },
      there(/^api\/auth\/\$[^/]*$/),
    ),
    route(
      ownFile(
        page,
        signInPage({
          authClient: specifier(page, client),
          api: api(page),
          before: 'import { createFileRoute } from "@tanstack/react-router";\n',
          after: '\nexport const Route = createFileRoute("/sign-in")({ component: SignIn });\n',
          declaration: "function",
        }),
        /authClient/,
      ),
      // Ours would be around what is below it, and show none of that.
      there(/^sign-in(?:\/|$)/),
    ),
    {
      path: root,
      patch: provideInRoot(rootModules),
      inPlaceOf: otherClient(project, root),
      lines: `import { auth } from "${rootModules.auth}";
import { AuthProvider } from "${rootModules.authProvider}";

// in createRootRoute({ ... }):
beforeLoad: auth.rootAuth,

// around <Outlet />, in the root's component:
<AuthProvider>
  <Outlet />
</AuthProvider>
`,
      needs: [
        sessionState(project),
        { path: client, name: "authClient" },
        { path: server, name: "auth" },
        { path: provider, name: "AuthProvider" },
      ],
    },
    addressVariable("VITE_SITE_URL", appUrl),
  ];
}

const SERVER = `import { createStartAuth } from "convex-gate/tanstack-start";

export const auth = createStartAuth({
  convexUrl: import.meta.env.VITE_CONVEX_URL,
  convexSiteUrl: import.meta.env.VITE_CONVEX_SITE_URL,
  siteUrl: import.meta.env.VITE_SITE_URL,
});
`;

function routeFile(auth: string): string {
  return `import { createFileRoute } from "@tanstack/react-router";
import { auth } from "${auth}";

export const Route = createFileRoute("/api/auth/$")({
  server: { handlers: { ANY: ({ request }) => auth.handler(request) } },
});
`;
}

function providerFile(api: string): string {
  return `import { useRouteContext } from "@tanstack/react-router";
import { ConvexReactClient } from "convex/react";
import { StartAuthProvider } from "convex-gate/tanstack-start";
import type { ReactNode } from "react";
import { api } from "${api}";
import { authClient } from "./auth-client";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL, {
  initialAuthTokenReuse: true,
});

export function AuthProvider({ children }: { children: ReactNode }) {
  const { auth } = useRouteContext({ from: "__root__" });
  return (
    <StartAuthProvider
      client={convex}
      authClient={authClient}
      initialState={auth}
      sessionQuery={api.auth.sessionState}
    >
      {children}
    </StartAuthProvider>
  );
}
`;
}
