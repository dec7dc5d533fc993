/** `convex-gate/nextjs` as it is packed, in an app that has its peers and nothing else. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeBareApp } from "./bare-app.js";
import type { BareApp } from "./bare-app.js";
import { exportBytes, exportGraph } from "./bundle-report.js";

const run = promisify(execFile);
const PEERS = ["convex", "next", "react", "@types/react", "@types/node"];
let bare: BareApp;
let app: string;
let packageFolder: string;

beforeAll(async () => {
  bare = await makeBareApp(PEERS);
  ({ folder: app, packageFolder } = bare);
});
afterAll(() => bare.remove());

const foreign = (entry: string): Promise<string[]> => bare.foreign(entry);

it("reaches Next and Convex on the server, and nothing of React, Better Auth or wasm", async () => {
  expect(await foreign("convex-gate/nextjs")).toEqual([
    "convex/browser",
    "convex/server",
    "convex/values",
    "next/headers.js",
    "next/server.js",
  ]);
  const { chainTo } = await exportGraph("convex-gate/nextjs", app, packageFolder);
  expect(
    chainTo(/js\/(wasm|server|adapter|component|jwt|tanstack-start|sveltekit)\//),
  ).toBeUndefined();
});

it("reaches nothing of Next and of the server in the browser, and says where it belongs", async () => {
  expect(await foreign("convex-gate/nextjs/client")).toEqual([
    "convex/react",
    "convex/server",
    "convex/values",
    "react",
  ]);
  const { chainTo } = await exportGraph("convex-gate/nextjs/client", app, packageFolder);
  expect(chainTo(/js\/(ssr|wasm|server)\//)).toBeUndefined();
  const code = await readFile(join(packageFolder, "dist/js/nextjs/client/index.js"), "utf8");
  expect(code).toMatch(/^"use client";/);
});

it("fails to build in a Client Component, by a file whose name says why", async () => {
  const built = build({
    stdin: {
      contents: 'import { createNextAuth } from "convex-gate/nextjs"; createNextAuth();',
      resolveDir: app,
    },
    bundle: true,
    write: false,
    platform: "browser",
    logLevel: "silent",
  });
  await expect(built).rejects.toThrow(/only-on-the-server\.js.*"createNextAuth"/);
});

it("loads in Node, which needs the names of Next's files", async () => {
  const script = 'console.log(typeof (await import("convex-gate/nextjs")).createNextAuth)';
  const { stdout } = await run("node", ["--input-type=module", "-e", script], { cwd: app });
  expect(stdout.trim()).toBe("function");
});

it.each([
  ["convex-gate/nextjs", 6_850],
  ["convex-gate/nextjs/client", 1_400],
])("%s weighs %d bytes with gzip at most", async (entry, limit) => {
  const { raw, gzip } = await exportBytes(entry, app);
  console.log(`note: ${entry}: ${String(raw)} bytes minified, ${String(gzip)} with gzip`);
  expect(gzip).toBeLessThan(limit);
});

it("has types that need its peers and nothing else", async () => {
  await writeFile(
    join(app, "page.tsx"),
    `import { createNextAuth, type PreloadedAuthQuery } from "convex-gate/nextjs";
import { usePreloadedAuthQuery } from "convex-gate/nextjs/client";
import { makeFunctionReference } from "convex/server";
const list = makeFunctionReference<"query", { of: string }, string[]>("todos:list");
export const auth = createNextAuth({ siteUrl: process.env["SITE_URL"] });
export const { GET, POST } = auth.handler;
export const proxy = auth.proxy({ signInPath: "/sign-in", publicPaths: ["/about"] });
export const preloaded = auth.preloadAuthQuery(list, { of: "ada" });
export function Page(props: { preloaded: PreloadedAuthQuery<typeof list> }) {
  const todos: string[] | null | undefined = usePreloadedAuthQuery(props.preloaded);
  return todos?.length;
}
export const token: Promise<string | null> = auth.getToken({ fresh: true });
`,
  );
  // Next's own declarations do not pass these checks.
  const lax = ["--skipLibCheck", "--types", "node"];
  for (const kind of ["NodeNext", "Bundler"]) {
    const resolution = [
      "--module",
      kind === "Bundler" ? "ESNext" : kind,
      "--moduleResolution",
      kind,
    ];
    expect(await bare.compile("page.tsx", "--jsx", "react-jsx", ...lax, ...resolution), kind).toBe(
      "",
    );
  }
});
