/** `convex-gate/svelte` and `convex-gate/sveltekit` as they are packed, in an app that has their peers and nothing else. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeBareApp } from "./bare-app.js";
import type { BareApp } from "./bare-app.js";
import { exportBytes, exportGraph } from "./bundle-report.js";

const run = promisify(execFile);
const PEERS = ["convex", "svelte", "convex-svelte", "@sveltejs/kit", "vite"];
let bare: BareApp;
let app: string;
let packageFolder: string;

beforeAll(async () => {
  bare = await makeBareApp(PEERS);
  ({ folder: app, packageFolder } = bare);
});
afterAll(() => bare.remove());

const foreign = (entry: string): Promise<string[]> => bare.foreign(entry);

it("the server's entry reaches Convex, and nothing of Svelte, SvelteKit, Better Auth or wasm", async () => {
  expect(await foreign("convex-gate/sveltekit")).toEqual(["convex/browser", "convex/values"]);
  const { chainTo } = await exportGraph("convex-gate/sveltekit", app, packageFolder);
  expect(chainTo(/js\/(wasm|server|adapter|component|jwt|react|svelte|nextjs)\//)).toBeUndefined();
  const script = 'console.log(typeof (await import("convex-gate/sveltekit")).createAuthHandle)';
  const { stdout } = await run("node", ["--input-type=module", "-e", script], { cwd: app });
  expect(stdout.trim()).toBe("function");
});

it("the pages' entry reaches Svelte and Convex, and nothing of the server", async () => {
  expect(await foreign("convex-gate/svelte")).toEqual([
    "convex-svelte",
    "convex/values",
    "svelte",
    "svelte/reactivity",
  ]);
  const { chainTo } = await exportGraph("convex-gate/svelte", app, packageFolder);
  expect(chainTo(/js\/(ssr|sveltekit|react|wasm|server)\//)).toBeUndefined();
});

it.each([
  ["convex-gate/svelte", 8_600],
  ["convex-gate/sveltekit", 6_550],
])("%s weighs %d bytes with gzip at most", async (entry, limit) => {
  const { raw, gzip } = await exportBytes(entry, app);
  console.log(`note: ${entry}: ${String(raw)} bytes minified, ${String(gzip)} with gzip`);
  expect(gzip).toBeLessThan(limit);
});

it("has types that need its peers and nothing else, and names locals.auth", async () => {
  await writeFile(
    join(app, "hooks.server.ts"),
    `import { createAuthHandle, preloadAuthQuery, type PreloadedAuthQuery } from "convex-gate/sveltekit";
import { setupAuth, useAuth, useAuthQuery, type AuthClientLike } from "convex-gate/svelte";
import { makeFunctionReference } from "convex/server";
import type { Handle, RequestEvent } from "@sveltejs/kit";
const list = makeFunctionReference<"query", { of: string }, string[]>("todos:list");
export const handle: Handle = createAuthHandle({
  convexUrl: undefined,
  convexSiteUrl: "https://x.convex.site",
  siteUrl: "http://localhost:5173",
});
export const load = async ({ locals }: RequestEvent) => ({
  auth: await locals.auth.getState(),
  todos: await preloadAuthQuery(locals.auth, list, { of: "ada" }),
});
export function page(client: AuthClientLike, data: Awaited<ReturnType<typeof load>>) {
  setupAuth(client, () => ({ initialState: data.auth }));
  const preloaded: PreloadedAuthQuery<string[]> = data.todos;
  const todos = useAuthQuery(list, () => ({ of: "ada" }), () => ({ preloaded }));
  const length: number | undefined = todos.data?.length;
  return useAuth().isAuthenticated ? length : useAuth().reason;
}
`,
  );
  const resolution = ["--module", "ESNext", "--moduleResolution", "Bundler", "--skipLibCheck"];
  expect(await bare.compile("hooks.server.ts", ...resolution)).toBe("");
});
