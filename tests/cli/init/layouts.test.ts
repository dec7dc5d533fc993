/** What becomes of the root of a page, in frameworks with a server. */
import { describe, expect, it } from "vitest";
import type { Patch } from "../../../js/cli/init/patches/edit.js";
import { addVariable } from "../../../js/cli/init/patches/dotenv.js";
import { provideInLayout } from "../../../js/cli/init/patches/next-layout.js";
import { provideInRoot } from "../../../js/cli/init/patches/root-route.js";
import { setupInLayout } from "../../../js/cli/init/patches/svelte-layout.js";

/** The new text; applied to that again, nothing is left to do. */
function patched(patch: Patch, path: string, code: string): string | undefined {
  const outcome = patch(code, path);
  if (outcome === undefined || outcome === "is-there") return outcome;
  if ("lines" in outcome) return outcome.lines;
  expect(patch(outcome.text, path)).toBe("is-there");
  return outcome.text;
}

const modules = { auth: "../lib/auth", authProvider: "../lib/auth-provider" };

describe("app/layout.tsx", () => {
  const apply = (code: string): string | undefined =>
    patched(provideInLayout(modules), "layout.tsx", code);

  it("wraps the children where they are, in a layout that is asynchronous already", () => {
    expect(
      apply(`import { Theme } from './theme'

export default async function Layout({ children }) {
  return (
    <html>
      <body>
        <Theme>
          <Menu />
          {children}
        </Theme>
      </body>
    </html>
  )
}
`),
    ).toBe(`import { Theme } from './theme'
import { auth } from '../lib/auth'
import { AuthProvider } from '../lib/auth-provider'

export default async function Layout({ children }) {
  return (
    <html>
      <body>
        <Theme>
          <Menu />
          <AuthProvider initialState={await auth.getState()}>
            {children}
          </AuthProvider>
        </Theme>
      </body>
    </html>
  )
}
`);
  });

  it.each([
    [
      "a provider of Convex's own",
      "export default function L({ children }) { return <ConvexClientProvider>{children}</ConvexClientProvider>; }",
    ],
    [
      "a layout of the browser's, whatever stands above",
      '/* Ours. */\n"use client";\nexport default function L({ children }) { return <b>{children}</b>; }',
    ],
    [
      "a layout that is an arrow function",
      "const L = ({ children }) => <b>{children}</b>;\nexport default L;",
    ],
    [
      "a layout of the browser's",
      '"use client";\nexport default function L({ children }) { return <b>{children}</b>; }',
    ],
    [
      "children that are not JSX's",
      "export default function L({ children }) { return wrap(children); }",
    ],
    [
      "another auth",
      'import { auth } from "./next-auth";\nexport default function L({ children }) { return <b>{children}</b>; }',
    ],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});

describe("routes/__root.tsx", () => {
  const apply = (code: string): string | undefined =>
    patched(provideInRoot(modules), "__root.tsx", code);

  it("wraps the outlet of a component, with a context of the router's", () => {
    expect(
      apply(`import { Outlet, createRootRouteWithContext } from "@tanstack/react-router";

export const Route = createRootRouteWithContext<Context>()({
  component: Root,
});

function Root() {
  return (
    <main>
      <Outlet />
    </main>
  );
}
`),
    ).toBe(`import { Outlet, createRootRouteWithContext } from "@tanstack/react-router";
import { auth } from "../lib/auth";
import { AuthProvider } from "../lib/auth-provider";

export const Route = createRootRouteWithContext<Context>()({
  beforeLoad: auth.rootAuth,
  component: Root,
});

function Root() {
  return (
    <main>
      <AuthProvider>
        <Outlet />
      </AuthProvider>
    </main>
  );
}
`);
  });

  it.each([
    [
      "a type of the router's first",
      'import type { AnyRouter } from "@tanstack/react-router";\nimport { createRootRoute } from "@tanstack/react-router";',
      'import type { AnyRouter } from "@tanstack/react-router";\nimport { createRootRoute, Outlet } from "@tanstack/react-router";',
    ],
    [
      "nothing but types by name",
      'import type { AnyRouter } from "@tanstack/react-router";\nimport * as router from "@tanstack/react-router";',
      'import type { AnyRouter } from "@tanstack/react-router";\nimport * as router from "@tanstack/react-router";\nimport { Outlet } from "@tanstack/react-router";',
    ],
  ])("imports the outlet as a value: %s", (_, before, after) => {
    const text = apply(`${before}\n\nexport const Route = createRootRoute({});\n`);
    expect(text?.slice(0, after.length)).toBe(after);
  });

  it.each([
    ["a beforeLoad of the app's", "export const Route = createRootRoute({ beforeLoad: mine });"],
    ["a component of another file", "export const Route = createRootRoute({ component: Root });"],
    ["options of another file", "export const Route = createRootRoute(options);"],
    [
      "a provider of Convex's own",
      "export const Route = createRootRoute({ component: () => <ConvexProvider client={c}><Outlet /></ConvexProvider> });",
    ],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});

describe("routes/+layout.svelte", () => {
  const apply = (code: string): string | undefined =>
    patched(setupInLayout({ api: "../convex/_generated/api" }), "+layout.svelte", code);

  it("sets auth up after Convex, where the layout sets that up", () => {
    expect(
      apply(`<script module>
  export const x = 1;
</script>
<script lang="ts">
  import { setupConvex } from "convex-svelte";
  import "../app.css";

  const { children, data } = $props();
  setupConvex(PUBLIC_CONVEX_URL);
  const more = 1;
</script>

{@render children()}
`),
    ).toBe(`<script module>
  export const x = 1;
</script>
<script lang="ts">
  import { setupConvex } from "convex-svelte";
  import "../app.css";
  import { authClient } from "$lib/auth-client";
  import { setupAuth } from "convex-gate/svelte";
  import { api } from "../convex/_generated/api";

  const { children, data } = $props();
  setupConvex(PUBLIC_CONVEX_URL);
  setupAuth(authClient, { initialState: data.auth, sessionQuery: api.auth.sessionState });
  const more = 1;
</script>

{@render children()}
`);
  });

  it.each([
    ["a layout without a script", "<slot />\n"],
    ["a layout of Svelte 4", "<script>\n  export let data;\n</script>\n<slot />\n"],
    [
      "props with a type of the app's",
      '<script lang="ts">\n  let { children }: { children: Snippet } = $props();\n</script>\n',
    ],
  ])("leaves %s", (_, code) => {
    expect(apply(code)).toBeUndefined();
  });
});

describe(".env.local", () => {
  const apply = (text: string): string | undefined =>
    patched(addVariable("SITE_URL", "http://localhost:3000"), ".env.local", text);

  it("gets a line after those that are there", () => {
    expect(apply("A=1")).toBe("A=1\nSITE_URL=http://localhost:3000\n");
    expect(apply("VITE_SITE_URL=x\n")).toBe("VITE_SITE_URL=x\nSITE_URL=http://localhost:3000\n");
  });

  it("keeps a value of the app's", () => {
    expect(apply("export SITE_URL = https://a.example\n")).toBe("is-there");
  });
});
