/** What an app has already that would collide with what init writes. */
import { describe, expect, it } from "vitest";
import { makePlan } from "../../../js/cli/init/plan.js";
import type { Plan } from "../../../js/cli/init/plan.js";
import { findProject } from "../../../js/cli/init/project.js";
import { byHand, summary } from "../../../js/cli/init/show.js";
import { appWith, manifest } from "./support/apps.js";

async function planWith(
  base: Readonly<Record<string, string | object>>,
  files: Readonly<Record<string, string>>,
): Promise<Plan> {
  const project = findProject(await appWith({ ...base, ...files }));
  return makePlan(project, project.framework!);
}

const LAYOUT = "export default function Layout({ children }) { return <b>{children}</b>; }\n";
const ROOT = "export const Route = createRootRoute({ component: () => <Outlet /> });\n";
const next = { "package.json": manifest("next", "typescript"), "app/layout.tsx": LAYOUT };
const start = {
  "package.json": manifest("@tanstack/react-start", "vite", "react", "typescript"),
  "src/routes/__root.tsx": ROOT,
};
const svelte = {
  "package.json": manifest("@sveltejs/kit", "typescript"),
  "src/routes/+layout.svelte": "<script>let { children } = $props();</script>\n",
};

const NEXT_PAGE = "app/sign-in/page.tsx";
const NEXT_ROUTE = "app/api/auth/[...all]/route.ts";
const START_PAGE = "src/routes/sign-in.tsx";
const START_ROUTE = "src/routes/api/auth/$.ts";
const SVELTE_PAGE = "src/routes/sign-in/+page.svelte";

describe("a route of the app's at the same address", () => {
  it.each([
    [NEXT_PAGE, "app/sign-in/[[...sign-in]]/page.tsx", next],
    [NEXT_PAGE, "app/(auth)/sign-in/page.tsx", next],
    [NEXT_PAGE, "app/sign-in/(form)/page.jsx", next],
    [NEXT_PAGE, "pages/sign-in.tsx", next],
    [NEXT_PAGE, "pages/sign-in/index.js", next],
    [NEXT_ROUTE, "app/api/auth/[...nextauth]/route.ts", next],
    [NEXT_ROUTE, "app/(x)/api/auth/[[...kinde]]/route.js", next],
    [NEXT_ROUTE, "app/api/auth/[auth0]/route.ts", next],
    [NEXT_ROUTE, "pages/api/auth/[...nextauth].ts", next],
    [START_PAGE, "src/routes/_auth/sign-in.tsx", start],
    [START_PAGE, "src/routes/_auth.sign-in.tsx", start],
    [START_PAGE, "src/routes/(auth)/sign-in/index.tsx", start],
    [START_PAGE, "src/routes/sign-in/route.tsx", start],
    [START_PAGE, "src/routes/sign-in.$.tsx", start],
    [START_PAGE, "src/routes/sign-in_.tsx", start],
    [START_ROUTE, "src/routes/api.auth.$.ts", start],
    [START_ROUTE, "src/routes/api/auth/$provider.ts", start],
    [SVELTE_PAGE, "src/routes/(group)/sign-in/+page.svelte", svelte],
    [SVELTE_PAGE, "src/routes/[[lang]]/sign-in/+page@.svelte", svelte],
    [SVELTE_PAGE, "src/routes/sign-in/[...rest]/+page.svelte", svelte],
  ] as const)("leaves %s to be done by hand because of %s", async (ours, theirs, base) => {
    const plan = await planWith(base, { [theirs]: "" });
    expect(plan.changes.find(({ path }) => path === ours)?.kind).toBe("by-hand");
    expect(byHand(plan)).toHaveLength(1);
    expect(byHand(plan)[0]).toContain(
      `Add to ${ours}, in place of ${theirs}, which answers there:\n\n`,
    );
    expect(summary(plan.changes)).toContain(
      `! ${ours} (is left to you because of ${theirs}, which answers there; the lines`,
    );
  });

  it.each([
    [
      next,
      [
        ...["app/page.tsx", "app/[...all]/page.tsx", "app/_old/sign-in/page.tsx"],
        ...["app/feed/(..)sign-in/page.tsx", "app/sign-in/layout.tsx", "app/sign-in/help/page.tsx"],
        ...["app/api/auth/hook/route.ts", "app/api/[[...rest]]/route.ts"],
        ...["admin/package.json", "admin/pages/sign-in.tsx"],
      ],
    ],
    [start, ["src/routes/_auth.tsx", "src/routes/-sign-in.tsx", "src/routes/$slug.tsx"]],
    [svelte, ["src/routes/+page.svelte", "src/routes/sign-in/form.svelte"]],
  ] as const)("is not seen in what answers elsewhere: %#", async (base, files) => {
    const others = Object.fromEntries(files.map((path) => [path, "{}"]));
    expect(byHand(await planWith(base, others))).toEqual([]);
  });

  it("says both what answers there and what has to be there first", async () => {
    const plan = await planWith(next, {
      "lib/auth.ts": "",
      "app/api/auth/[...nextauth]/route.ts": "",
    });
    expect(byHand(plan).join("\n")).toContain(
      `Add to ${NEXT_ROUTE}, in place of app/api/auth/[...nextauth]/route.ts, which answers there, once \`auth\` of lib/auth.ts is as above:\n`,
    );
  });

  it.each([
    ["export const { GET, POST } = toNextJsHandler(auth.handler);\n", "by-hand"],
    ["export const POST = (request) => auth.handler(request);\n", "by-hand"],
    ["export const { GET, POST } = auth.handler;\n", "keep"],
    ["export const GET = (request) => auth.handler.GET(request);\n", "keep"],
  ])("knows ours from Better Auth's own: %s", async (text, kind) => {
    const { changes } = await planWith(next, { [NEXT_ROUTE]: text });
    expect(changes.find(({ path }) => path === NEXT_ROUTE)?.kind).toBe(kind);
  });
});

describe("Convex's client and provider in another file", () => {
  const main = "createRoot(root).render(<App />);\n";
  const vite = { "package.json": manifest("vite", "react", "typescript"), "src/main.tsx": main };
  const client = 'const convex = new ConvexReactClient(import.meta.env["VITE_CONVEX_URL"]);\n';
  const provider = (name: string): string =>
    `export const P = () => <${name} client={c}><Outlet /></${name}>;\n`;

  it.each([
    ["src/main.tsx", "src/App.tsx", provider("ConvexProvider"), vite],
    ["src/main.tsx", "src/convex.ts", client, vite],
    ["src/main.tsx", "src/providers.jsx", provider("ConvexProviderWithClerk"), vite],
    ["src/main.tsx", "src/providers.tsx", provider("ConvexAuthProvider"), vite],
    ["app/layout.tsx", "components/providers.tsx", `${client}${provider("ConvexProvider")}`, next],
    ["src/routes/__root.tsx", "src/router.tsx", "x = new ConvexQueryClient(url);\n", start],
  ])("leaves %s to be done by hand because of %s", async (ours, theirs, text, base) => {
    const plan = await planWith(base, { [theirs]: text });
    expect(byHand(plan)).toHaveLength(1);
    expect(byHand(plan)[0]).toContain(
      `Add to ${ours}, in place of the Convex client and provider of ${theirs}:\n\n`,
    );
  });

  it("names the file of a provider that the page has by another name", async () => {
    const plan = await planWith(vite, {
      "src/main.tsx": "createRoot(root).render(<ConvexClientProvider />);\n",
      "src/ConvexClientProvider.tsx": provider("ConvexProvider"),
    });
    expect(byHand(plan)[0]).toContain("of src/ConvexClientProvider.tsx:\n");
  });

  it("does not matter to a provider that makes place for ours", async () => {
    const plan = await planWith(vite, {
      "src/main.tsx":
        "import { ConvexProvider } from 'convex/react';\ncreateRoot(root).render(<ConvexProvider client={c}><App /></ConvexProvider>);\n",
      "src/convex.ts": client,
    });
    expect(byHand(plan)).toEqual([]);
  });

  it("is neither ours, nor of a test, a comment, the Convex functions or another package", async () => {
    const files = {
      "src/lib/other.tsx": `import { authClient } from "convex-gate/x";\n${client}`,
      "src/App.test.tsx": provider("ConvexProvider"),
      "src/text.ts": `// ${client}export const t = "new ConvexReactClient(";\n`,
      "convex/x.ts": client,
      "node_modules/x/index.js": client,
      "admin/package.json": "{}",
      "admin/main.tsx": client,
    };
    for (const base of [vite, next, start]) expect(byHand(await planWith(base, files))).toEqual([]);
  });
});
