/** `convex-gate/tanstack-start` as it is packed: what it needs, weighs and says in its types. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeBareApp } from "./bare-app.js";
import type { BareApp } from "./bare-app.js";
import { exportBytes, exportGraph } from "./bundle-report.js";

const ENTRY = "convex-gate/tanstack-start";
let bare: BareApp;
let app: string;
let packageFolder: string;

beforeAll(async () => {
  bare = await makeBareApp([
    "@tanstack",
    "@convex-dev",
    "@types",
    "better-auth",
    "convex",
    "react",
  ]);
  ({ folder: app, packageFolder } = bare);
});
afterAll(() => bare.remove());

it("reaches Start, its router, Convex and React, and nothing of Better Auth, wasm or other kits", async () => {
  const { files } = await exportGraph(ENTRY, app, packageFolder);
  const own = /^dist\/js\/(auth-config|client|errors|react|ssr|tanstack-start|utils)\//;
  const packages = files.filter((file) => !file.includes("stdin") && !own.test(file));
  expect(packages.sort()).toEqual([
    "@tanstack/react-router",
    "@tanstack/react-start",
    "@tanstack/react-start/server",
    "convex/browser",
    "convex/react",
    "react",
    "react/jsx-runtime",
  ]);
});

it("weighs 14,250 bytes with gzip at most, both halves and the provider of convex-gate/react together", async () => {
  const { raw, gzip } = await exportBytes(ENTRY, app);
  console.log(`note: ${ENTRY}: ${String(raw)} bytes minified, ${String(gzip)} with gzip`);
  expect(gzip).toBeLessThan(14_250);
});

it("has types that fit those of the router and of TanStack Query, without a cast", async () => {
  await writeFile(
    join(app, "root.tsx"),
    `import { ConvexQueryClient } from "@convex-dev/react-query";
import { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute } from "@tanstack/react-router";
import { createAuthClient } from "better-auth/react";
import { makeFunctionReference } from "convex/server";
import { convexClient } from "convex-gate/client/plugins";
import { createStartAuth, StartAuthProvider, type AuthState } from "convex-gate/tanstack-start";

const list = makeFunctionReference<"query", { of: string }, string[]>("todos:list");
const auth = createStartAuth({
  convexUrl: "https://x.convex.cloud",
  convexSiteUrl: "https://x.convex.site",
  proxy: { clientIp: (request) => request.headers.get("x-real-ip") },
});
const authClient = createAuthClient({ plugins: [convexClient()] });

const root = createRootRouteWithContext<{
  convexQueryClient: ConvexQueryClient;
  queryClient: QueryClient;
}>()({
  beforeLoad: auth.rootAuth,
  component: () => {
    const { auth: state, convexQueryClient, queryClient } = root.useRouteContext();
    return (
      <StartAuthProvider
        client={convexQueryClient.convexClient}
        authClient={authClient}
        initialState={state}
        queryClient={queryClient}
      />
    );
  },
});
export const page = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: async ({ context }): Promise<string[]> => {
    const state: AuthState = context.auth;
    const token: string | null = state.session === "signedIn" ? state.token : null;
    return token === null ? [] : auth.fetchAuthQuery(list, { of: "ada" });
  },
});
// A router without TanStack Query, and more to do before each page.
export const plain = createRootRouteWithContext<{ locale: string }>()({
  beforeLoad: async (args) => ({ ...(await auth.rootAuth(args)), isHere: true }),
});
export const handlers = { ANY: ({ request }: { request: Request }) => auth.handler(request) };
`,
  );
  const resolution = ["--module", "ESNext", "--moduleResolution", "Bundler", "--skipLibCheck"];
  const react = ["--jsx", "react-jsx", "--types", "node"];
  expect(await bare.compile("root.tsx", ...resolution, ...react)).toBe("");
});
