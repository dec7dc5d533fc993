/** `convex-gate/expo` as it is packed: what Metro makes of it for each platform, its weight and its types. */
import { execFile } from "node:child_process";
import { builtinModules } from "node:module";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BareApp } from "./bare-app.js";
import { makeBareApp } from "./bare-app.js";
import { exportBytes } from "./bundle-report.js";
import { installTools } from "./metro/tools.js";

const run = promisify(execFile);
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const bundler = fileURLToPath(new URL("./metro/bundle.mjs", import.meta.url));
/** Android differs from iOS in files of React Native's own only, and costs as much again: `METRO_ANDROID=1` adds it. */
const PLATFORMS = process.env["METRO_ANDROID"] ? ["ios", "android", "web"] : ["ios", "web"];
/** What an app's code may reach of the packages of this repository. */
const PACKAGES = [
  "better-auth",
  "@better-auth",
  "@better-fetch",
  "nanostores",
  "defu",
  "better-call",
  "convex",
];

let bare: BareApp;
let made: Record<string, string[]>;

beforeAll(async () => {
  const [tools, app] = await Promise.all([installTools(), makeBareApp([])]);
  bare = app;
  const files = {
    "babel.config.js": `module.exports = { presets: [${JSON.stringify(join(tools.modules, "@react-native/babel-preset"))}] };`,
    "index.js": APP,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(bare.folder, name), text);
  await writeFile(join(bare.folder, "package.json"), '{ "name": "app", "private": true }');
  const settings = {
    folder: bare.folder,
    platforms: PLATFORMS,
    tools: tools.modules,
    modules,
    packages: PACKAGES,
    cache: tools.cache,
  };
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  await run("node", [bundler, JSON.stringify(settings)], {
    env: { ...env, NODE_ENV: "production" },
  });
  made = JSON.parse(await readFile(join(bare.folder, "modules.json"), "utf8")) as typeof made;
});
afterAll(() => bare.remove());

const APP = `
import * as SecureStore from "expo-secure-store";
import { ConvexReactClient } from "convex/react";
import { createExpoAuthClient } from "convex-gate/expo";
import { AuthBoundary, ConvexBetterAuthProvider } from "convex-gate/react";
import { createElement } from "react";
import { AppRegistry } from "react-native";

const authClient = createExpoAuthClient({
  baseURL: process.env.EXPO_PUBLIC_CONVEX_SITE_URL,
  scheme: "myapp",
  storage: SecureStore,
});
const client = new ConvexReactClient("https://x.convex.cloud", { unsavedChangesWarning: false });
AppRegistry.registerComponent("main", () => () =>
  createElement(ConvexBetterAuthProvider, { client, authClient }, createElement(AuthBoundary)));
`;

it.each([
  ["react-native", 2_300],
  ["browser", 4_750],
])(
  "what the entry brings to an app under the condition `%s` fits in %d bytes with gzip",
  async (condition, limit) => {
    const { raw, gzip } = await exportBytes("convex-gate/expo", bare.folder, [condition]);
    console.log(
      `note: convex-gate/expo, ${condition}: ${String(raw)} bytes minified, ${String(gzip)} with gzip`,
    );
    expect(gzip).toBeLessThan(limit);
  },
);

it("has types that need Better Auth and nothing of Expo", async () => {
  await writeFile(
    join(bare.folder, "client.ts"),
    `import { createExpoAuthClient, type DeviceStorage } from "convex-gate/expo";
import type { ConvexBetterAuthProviderProps } from "convex-gate/react";
import { organizationClient } from "better-auth/client/plugins";
declare const storage: DeviceStorage & { deleteItemAsync: (key: string) => Promise<void> };
const plain = createExpoAuthClient({ baseURL: process.env.URL, scheme: "myapp", storage });
export const authClient = createExpoAuthClient({
  baseURL: process.env.URL,
  scheme: "myapp",
  storage,
  plugins: [organizationClient()],
  fetchOptions: { headers: { "x-app": "1" } },
});
export const forProvider: ConvexBetterAuthProviderProps["authClient"][] = [plain, authClient];
export const create = () => authClient.organization.create({ name: "x", slug: "x" });
export const token = async (): Promise<string | undefined> =>
  (await authClient.convex.token()).data?.token;
export const email = async (): Promise<string | undefined> =>
  (await plain.getSession()).data?.user.email;
// @ts-expect-error: not without its plugin
export const none = () => plain.organization;
`,
  );
  for (const name of ["better-auth", "convex", "react", "@types/react", "@types/node"]) {
    await mkdir(join(bare.folder, "node_modules", name, ".."), { recursive: true });
    await symlink(join(modules, name), join(bare.folder, "node_modules", name), "dir");
  }
  const resolution = ["--module", "ESNext", "--moduleResolution", "Bundler", "--skipLibCheck"];
  expect(await bare.compile("client.ts", ...resolution, "--types", "node")).toBe("");
});

describe.each(PLATFORMS)("Metro's bundle for %s", (platform) => {
  it("has its own client and not the other's", async () => {
    expect(made[platform]?.length).toBeGreaterThan(100);
    const has = (part: string): boolean =>
      (made[platform] ?? []).some((path) => path.includes(part));
    const isWeb = platform === "web";
    expect(has("/convex-gate/dist/js/expo/web.js")).toBe(isWeb);
    expect(has("/cross-domain-client.js")).toBe(isWeb);
    expect(has("/convex-gate/dist/js/expo/native.js")).toBe(!isWeb);
    expect(has("/@better-auth/expo/dist/client.js")).toBe(!isWeb);
    const code = await readFile(join(bare.folder, `${platform}.js`));
    const ours = (made[platform] ?? []).filter((path) => path.includes("/convex-gate/dist/"));
    console.log(
      `note: Metro, ${platform}: ${String((made[platform] ?? []).length)} modules, ${String(ours.length)} of convex-gate; ${String(code.length)} bytes, ${String(gzipSync(code, { level: 9 }).length)} with gzip`,
    );
  });

  it("has nothing of a server, of wasm or of Node", () => {
    const forbidden =
      /\/convex-gate\/dist\/(convex|js\/(wasm|server|adapter|component|jwt|session|ssr|plugins\/(convex|cross-domain)))\/|\.wasm|\/better-auth\/dist\/(api|db|adapters|plugins|auth)\/|\/@better-auth\/expo\/dist\/index\.js|\/(jose|zod|kysely)\//;
    expect((made[platform] ?? []).filter((path) => forbidden.test(path))).toEqual([]);
    const node = new RegExp(`^(node:.*|${builtinModules.join("|")})$`);
    expect((made[platform] ?? []).filter((path) => node.test(path))).toEqual([]);
  });
});
