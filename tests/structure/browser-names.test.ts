/**
 * What ships to browsers and phones names nothing that is younger than what `docs/support.md` asks of them. Other packages
 * are not looked at.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { newerNames } from "./support/newer-names.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Our part of what an app's bundler makes of these lines, without comments and needless spaces. */
async function bundled(lines: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: lines, resolveDir: root },
    bundle: true,
    write: false,
    minifyWhitespace: true,
    legalComments: "none",
    format: "esm",
    target: "esnext",
    jsx: "automatic",
    packages: "external",
  });
  return outputFiles[0]?.text ?? "";
}

it.each([
  ["convex-gate/react", 'export * from "./js/react/index.js"'],
  ["convex-gate/client", 'export * from "./js/client/index.js"'],
  ["convex-gate/client/plugins", 'export * from "./js/client/plugins/index.js"'],
  ["convex-gate/svelte", 'export * from "./js/svelte/index.js"'],
  ["convex-gate/expo on devices", 'export * from "./js/expo/native.js"'],
  ["convex-gate/expo on the web", 'export * from "./js/expo/web.js"'],
  ["convex-gate/nextjs/client", 'export * from "./js/nextjs/client/index.js"'],
  [
    "the browser's half of convex-gate/tanstack-start",
    'export * from "./js/tanstack-start/browser-auth.js"; export * from "./js/tanstack-start/start-auth-provider.js"',
  ],
  [
    "what pages use of convex-gate/utils",
    'export { safeRedirectTo, getTokenCookie, isQueryCtx } from "./js/utils/index.js"',
  ],
])("%s", async (_, lines) => {
  const code = await bundled(lines);
  expect(code.length).toBeGreaterThan(100);
  expect(newerNames(code)).toEqual([]);
});

it.each([
  ["URL.canParse", "f(URL.canParse(text))"],
  ["crypto.randomUUID", "f(crypto.randomUUID())"],
  ["structuredClone", "f(structuredClone(value))"],
  [".findLast(", "f(list.findLast(is))"],
  [".with(", "f(list.with(0, 1))"],
  ["Symbol.dispose", "f({ [Symbol.dispose]() {} })"],
  ["using x=", "{ using x = f(); }"],
  ['import a from"a/b.json"with{', 'import a from "a/b.json" with { type: "json" }; f(a)'],
])("finds %s", async (name, lines) => {
  expect(newerNames(await bundled(lines))).toEqual([name]);
});

it("finds nothing in what is old enough", () => {
  const old =
    'f(new URL(a),Promise.any(b),c.at(-1),Object.hasOwn(d,"e"),g.find(h),import("./i/v.js"));';
  expect(newerNames(old)).toEqual([]);
});
