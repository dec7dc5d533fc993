/** React in the browser alone, with two origins: the app's, and the deployment's. */
import { GateError } from "../../../errors/index.js";
import { REACT_ROUTER } from "../../frameworks.js";
import type { Project } from "../project.js";
import { provideAuth } from "../patches/react-root.js";
import { otherClient } from "../other-client.js";
import { specifier } from "../wanted-file.js";
import type { WantedFile } from "../wanted-file.js";
import { module, sessionState } from "./shared.js";
import { signInPage } from "./sign-in.js";

export function viteFiles(project: Project): WantedFile[] {
  if (project.packages.has(REACT_ROUTER))
    throw noPageOfVite("is one of React Router's framework mode");
  const { source, functions } = project;
  const client = `${source}lib/auth-client.ts`;
  const provider = `${source}lib/auth-provider.tsx`;
  const page = `${source}SignIn.tsx`;
  const root = entryOf(project);
  const api = (from: string): string => specifier(from, `${functions}/_generated/api`);
  // An app with Convex has a client and a provider, whose place ours takes.
  const text = project.read(root) ?? "";
  const hasConvex = /<Convex\w*Provider/.test(text);
  const wrapping = hasConvex
    ? []
    : [module(provider, providerFile(api(provider)), /convex-gate\/react/)];
  const wrappingLines = `import { AuthProvider } from "${specifier(root, provider)}";
import { SignIn } from "${specifier(root, page)}";

<AuthProvider>
  <SignIn />
  {/* what you render now */}
</AuthProvider>
`;
  const replacingLines = `import { ConvexBetterAuthProvider } from "convex-gate/react";
import { api } from "${api(root)}";
import { authClient } from "${specifier(root, client)}";
import { SignIn } from "${specifier(root, page)}";

{/* in place of ConvexProvider, with your client */}
<ConvexBetterAuthProvider
  client={convex}
  authClient={authClient}
  sessionQuery={api.auth.sessionState}
>
  <SignIn />
  {/* what it holds now */}
</ConvexBetterAuthProvider>
`;
  return [
    module(client, CLIENT, /convex-gate\/client\/plugins/),
    ...wrapping,
    module(page, signInPage({ authClient: specifier(page, client), api: api(page) }), /authClient/),
    {
      path: root,
      patch: provideAuth({
        authProvider: specifier(root, provider),
        authClient: specifier(root, client),
        api: api(root),
        signIn: specifier(root, page),
      }),
      // A provider that is here takes its client from wherever that is.
      inPlaceOf: /<ConvexProvider\b/.test(text) ? undefined : otherClient(project, root),
      lines: hasConvex ? replacingLines : wrappingLines,
      needs: [
        sessionState(project),
        { path: client, name: "authClient" },
        ...(hasConvex ? [] : [{ path: provider, name: "AuthProvider" }]),
        { path: page, name: "SignIn" },
      ],
    },
  ];
}

const CLIENT = `import { createAuthClient } from "better-auth/react";
import { convexClient, crossDomainClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({
  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
  plugins: [crossDomainClient(), convexClient()],
});
`;

function providerFile(api: string): string {
  return `import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import type { ReactNode } from "react";
import { api } from "${api}";
import { authClient } from "./auth-client";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL, {
  initialAuthTokenReuse: true,
});

export function AuthProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      sessionQuery={api.auth.sessionState}
    >
      {children}
    </ConvexBetterAuthProvider>
  );
}
`;
}

/** The module that the page loads. */
function entryOf({ read, source }: Project): string {
  const html = read("index.html") ?? "";
  const entry = /<script[^>]*\bsrc=["']\/?([^"']+\.[jt]sx?)["']/.exec(html)?.[1];
  const there = [entry, `${source}main.tsx`, `${source}main.jsx`].find(
    (path) => path !== undefined && read(path) !== undefined,
  );
  if (there !== undefined) return there;
  throw noPageOfVite("has no index.html that names a script of it");
}

/** Why an app is none that renders in the browser alone. */
export function noPageOfVite(why: string): GateError {
  return new GateError(
    "INVALID_OPTION",
    `This app ${why}: it is not a page of Vite's alone, which is what init sets up. Run \`npx convex-gate init --framework none\` for the Convex files, and do the app's part by docs/other-servers.md.`,
  );
}
