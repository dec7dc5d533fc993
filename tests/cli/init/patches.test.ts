/** What becomes of files that an app has already. */
import { describe, expect, it } from "vitest";
import {
  acceptTokens,
  installComponent,
  mountRoutes,
} from "../../../js/cli/init/patches/convex-files.js";
import type { Patch } from "../../../js/cli/init/patches/edit.js";
import { provideAuth } from "../../../js/cli/init/patches/react-root.js";

/** The new text; applied to that again, nothing is left to do. */
function patched(patch: Patch, path: string, code: string): string | undefined {
  const outcome = patch(code, path);
  if (outcome === undefined || outcome === "is-there") return outcome;
  if ("lines" in outcome) return outcome.lines;
  expect(patch(outcome.text, path)).toBe("is-there");
  return outcome.text;
}

describe("convex.config.ts", () => {
  const apply = (code: string): string | undefined =>
    patched(installComponent, "convex.config.ts", code);

  it("installs the component beside another one", () => {
    expect(
      apply(`import rateLimiter from "@convex-dev/rate-limiter/convex.config";
import { defineApp } from "convex/server";

// Ours.
const app = defineApp();
app.use(rateLimiter, { name: "limits" });

export default app;
`),
    ).toBe(`import rateLimiter from "@convex-dev/rate-limiter/convex.config";
import { defineApp } from "convex/server";
import betterAuth from "convex-gate/convex.config";

// Ours.
const app = defineApp();
app.use(rateLimiter, { name: "limits" });
app.use(betterAuth);

export default app;
`);
  });

  it("writes as the file is written: quotes and semicolons", () => {
    expect(
      apply(`import { defineApp } from 'convex/server'
const mine = defineApp()
export default mine
`),
    ).toBe(`import { defineApp } from 'convex/server'
import betterAuth from 'convex-gate/convex.config'
const mine = defineApp()
mine.use(betterAuth)
export default mine
`);
  });

  it("leaves a comment beside its line", () => {
    expect(
      apply(`import { defineApp } from "convex/server"; // convex
const mine = defineApp(); /* ours */
export default mine;
`),
    ).toBe(`import { defineApp } from "convex/server"; // convex
import betterAuth from "convex-gate/convex.config";
const mine = defineApp(); /* ours */
mine.use(betterAuth);
export default mine;
`);
  });

  it("takes an installed component for what it is, with whatever name and options", () => {
    expect(
      apply(`import { defineApp } from "convex/server";
import auth from "convex-gate/convex.config.js";
const app = defineApp();
app.use(auth, { name: "betterAuth" });
export default app;
`),
    ).toBe("is-there");
  });

  it.each([
    [
      "no variable for the app",
      'import { defineApp } from "convex/server";\nexport default defineApp();\n',
    ],
    [
      "another component of that name",
      'import { defineApp } from "convex/server";\nimport betterAuth from "@convex-dev/better-auth/convex.config";\nconst app = defineApp();\napp.use(betterAuth);\nexport default app;\n',
    ],
    [
      "a component that is imported and not used",
      'import { defineApp } from "convex/server";\nimport betterAuth from "convex-gate/convex.config";\nconst app = defineApp();\nexport default app;\n',
    ],
    ["a syntax error", "const app = defineApp(;"],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});

describe("auth.config.ts", () => {
  const apply = (code: string): string | undefined => patched(acceptTokens, "auth.config.ts", code);

  it("accepts our tokens beside those of another provider", () => {
    expect(
      apply(`export default {
  providers: [
    { domain: process.env.AUTH0_DOMAIN, applicationID: "of-auth0" },
  ],
};
`),
    ).toBe(`import { getAuthConfigProvider } from "convex-gate/auth-config";
export default {
  providers: [
    { domain: process.env.AUTH0_DOMAIN, applicationID: "of-auth0" }, getAuthConfigProvider(),
  ],
};
`);
  });

  it("fills an empty list, below a comment of the file's", () => {
    expect(
      apply(`// Who may call.
const authConfig = { providers: [] } satisfies AuthConfig;
export default authConfig;
`),
    ).toBe(`import { getAuthConfigProvider } from "convex-gate/auth-config";
// Who may call.
const authConfig = { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
export default authConfig;
`);
  });

  it("leaves a list with the provider of Convex Auth, which is of this deployment as ours is", () => {
    const provider = `{ domain: process.env.CONVEX_SITE_URL, "applicationID": 'convex' }`;
    expect(apply(`export default { providers: [${provider}] };\n`)).toMatch(
      /^\/\/ Not yet\.[\s\S]*providers: \[getAuthConfigProvider\(\)\]/,
    );
  });

  it("stands beside the provider of Clerk, which has our applicationID and another issuer", () => {
    const provider = `{ domain: process.env.CLERK_DOMAIN, applicationID: "convex" }`;
    expect(apply(`export default { providers: [${provider}] };\n`)).toContain(
      `providers: [${provider}, getAuthConfigProvider()]`,
    );
  });

  it("leaves a getAuthConfigProvider of another package", () => {
    expect(
      apply(
        'import { getAuthConfigProvider } from "other/auth-config";\nexport default { providers: [getAuthConfigProvider()] };\n',
      ),
    ).toBeUndefined();
  });

  it("leaves a list that is made elsewhere", () => {
    expect(
      apply('import { providers } from "./p";\nexport default { providers };\n'),
    ).toBeUndefined();
  });
});

describe("http.ts", () => {
  const apply = (code: string, cors = false): string | undefined =>
    patched(mountRoutes({ cors }), "http.ts", code);
  const routes = `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";

const router = httpRouter();

router.route({ path: "/hook", method: "POST", handler: httpAction(async () => new Response()) });

export default router;
`;

  it("mounts the routes beside the app's", () => {
    expect(apply(routes)).toBe(
      routes
        .replace('server";\n\n', 'server";\nimport { registerRoutes } from "convex-gate/http";\n\n')
        .replace(
          "httpRouter();\n",
          'httpRouter();\nregisterRoutes(router, async (ctx) => (await import("./auth")).createAuth(ctx));\n',
        ),
    );
    expect(apply(routes, true)).toContain(".createAuth(ctx), { cors: true });");
  });

  it.each([
    'import { registerRoutes } from "convex-gate/http";\nregisterRoutes(http, load);\n',
    "authComponent.registerRoutesLazy(http, make, { trustedOrigins: [] });\n",
    "auth.registerRoutes(http, createAuth);\n",
  ])("takes mounted routes for what they are: %s", (code) => {
    expect(apply(code)).toBe("is-there");
  });

  it("does not take another component's routes for ours", () => {
    const code = "const http = httpRouter();\nstripe.registerRoutes(http, components.stripe);\n";
    expect(apply(code)).toContain(
      'registerRoutes(http, async (ctx) => (await import("./auth")).createAuth(ctx));',
    );
  });

  it.each([
    ["a router that is made elsewhere", 'import http from "./router";\nexport default http;\n'],
    [
      "another createAuth",
      'import { createAuth } from "./mine";\nconst http = httpRouter();\nexport default http;\n',
    ],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});

describe("main.tsx", () => {
  const apply = (code: string): string | undefined =>
    patched(
      provideAuth({
        authProvider: "./lib/auth-provider",
        authClient: "./lib/auth-client",
        api: "../convex/_generated/api",
        signIn: "./SignIn",
      }),
      "main.tsx",
      code,
    );

  it("wraps what StrictMode holds", () => {
    expect(
      apply(`import React from "react";
import ReactDOM from "react-dom/client";

ReactDOM.createRoot(document.getElementById("root")!).render(
  <React.StrictMode>
    <Theme>
      <App />
    </Theme>
    <Toaster />
  </React.StrictMode>,
);
`),
    ).toBe(`import React from "react";
import ReactDOM from "react-dom/client";
import { AuthProvider } from "./lib/auth-provider";
import { SignIn } from "./SignIn";

ReactDOM.createRoot(document.getElementById("root")!).render(
  <React.StrictMode>
    <AuthProvider>
      <SignIn />
      <Theme>
        <App />
      </Theme>
      <Toaster />
    </AuthProvider>
  </React.StrictMode>,
);
`);
  });

  it("wraps an element that stands in its line, with tabs", () => {
    expect(
      apply(`import { createRoot } from 'react-dom/client'
const root = createRoot(document.body)
if (root) {
	root.render(<App title={\`a
b\`} />)
}
`),
    ).toBe(`import { createRoot } from 'react-dom/client'
import { AuthProvider } from './lib/auth-provider'
import { SignIn } from './SignIn'
const root = createRoot(document.body)
if (root) {
	root.render(<AuthProvider>
		<SignIn />
		<App title={\`a
b\`} />
	</AuthProvider>)
}
`);
  });

  it("takes the place of Convex's own provider, with its client", () => {
    expect(
      apply(`import { ConvexProvider, ConvexReactClient } from "convex/react";

const client = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
createRoot(root).render(<ConvexProvider client={client}><App /></ConvexProvider>);
`),
    ).toBe(`import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import { api } from "../convex/_generated/api";
import { authClient } from "./lib/auth-client";
import { SignIn } from "./SignIn";

const client = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
createRoot(root).render(<ConvexBetterAuthProvider client={client} authClient={authClient} sessionQuery={api.auth.sessionState}><SignIn /><App /></ConvexBetterAuthProvider>);
`);
  });

  it.each([
    ['import { ConvexProvider } from "convex/react";', ""],
    [
      'import { useQuery, ConvexProvider } from "convex/react";',
      'import { useQuery } from "convex/react";\n',
    ],
  ])("leaves no unused import behind: %s", (line, rest) => {
    const code = `import { client } from "./client";
${line}
createRoot(root).render(
  <ConvexProvider client={client}>
    <App />
  </ConvexProvider>,
);
`;
    expect(apply(code)).toBe(`import { client } from "./client";
${rest}import { ConvexBetterAuthProvider } from "convex-gate/react";
import { api } from "../convex/_generated/api";
import { authClient } from "./lib/auth-client";
import { SignIn } from "./SignIn";
createRoot(root).render(
  <ConvexBetterAuthProvider client={client} authClient={authClient} sessionQuery={api.auth.sessionState}>
    <SignIn />
    <App />
  </ConvexBetterAuthProvider>,
);
`);
  });

  it.each([
    [
      "a provider of another service",
      "createRoot(r).render(<ConvexProviderWithClerk client={c} useAuth={u}><App /></ConvexProviderWithClerk>);",
    ],
    [
      "a SignIn of the app's in Convex's own provider",
      'import { ConvexProvider } from "convex/react";\nimport { SignIn } from "clerk";\ncreateRoot(r).render(<ConvexProvider client={c}><SignIn /></ConvexProvider>);',
    ],
    ["two roots", "createRoot(a).render(<A />);\ncreateRoot(b).render(<B />);"],
    ["a root that renders a variable", "createRoot(r).render(app);"],
    [
      "an AuthProvider of the app's",
      'import { AuthProvider } from "oidc";\ncreateRoot(r).render(<AuthProvider><App /></AuthProvider>);',
    ],
    ["an empty StrictMode", "createRoot(r).render(<StrictMode></StrictMode>);"],
    ["a syntax error", "createRoot(r).render(<App>);"],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});
