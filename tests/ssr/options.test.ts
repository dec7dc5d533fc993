/** What `createAuthServer` refuses, and what it tells whoever has to set a variable. */
import { expect, it, vi } from "vitest";
import type { AuthServerOptions } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";

const sound: AuthServerOptions = {
  convexUrl: "https://happy-otter-123.convex.cloud",
  convexSiteUrl: "https://happy-otter-123.convex.site",
  siteUrl: "https://app.example.com",
};
// Options come from variables, which are not there where nobody has set them.
const missing = undefined as unknown as string;

it.each<[Partial<AuthServerOptions>, RegExp]>([
  [
    { convexUrl: missing },
    /convexUrl is missing.*NEXT_PUBLIC_CONVEX_URL.*VITE_CONVEX_URL.*PUBLIC_CONVEX_URL/,
  ],
  [{ convexUrl: "" }, /convexUrl is missing/],
  [{ convexUrl: "happy-otter-123.convex.cloud" }, /convexUrl is no http\(s\) address/],
  [{ convexUrl: "ws://localhost:3210" }, /convexUrl is no http\(s\) address/],
  [{ convexUrl: "https://" }, /convexUrl is no http\(s\) address/],
  [{ convexUrl: sound.convexSiteUrl }, /\.convex\.site, which is convexSiteUrl/],
  [{ convexSiteUrl: missing }, /convexSiteUrl is missing.*NEXT_PUBLIC_CONVEX_SITE_URL/],
  [{ convexSiteUrl: sound.convexUrl }, /\.convex\.cloud, which is convexUrl/],
  [{ convexSiteUrl: "https://a:b@x.convex.site" }, /convexSiteUrl is no/],
  [{ convexSiteUrl: "https://x.convex.site?a=1" }, /convexSiteUrl is no/],
  [{ siteUrl: missing }, /siteUrl is missing.*SITE_URL.*npx convex env set/],
  [{ siteUrl: sound.convexSiteUrl }, /siteUrl is the deployment's/],
  [{ basePath: "/api/*" }, /basePath/],
  [{ renewBeforeSeconds: Number.NaN }, /renewBeforeSeconds/],
  [{ renewBeforeSeconds: -1 }, /renewBeforeSeconds/],
  [{ proxy: { timeoutMs: Number.NaN } }, /timeoutMs/],
  [{ proxy: { secret: "short" } }, /PROXY_SECRET.*32 characters/],
  [{ proxy: { secret: "" } }, /PROXY_SECRET.*32 characters/],
])("%o", (options, message) => {
  const make = () => createAuthServer({ ...sound, ...options });
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  expect(make).toThrow(message);
  expect(make).not.toThrow(/short|a:b/);
});

it.each<Partial<AuthServerOptions>>([
  {},
  { convexUrl: "http://127.0.0.1:3210", convexSiteUrl: "http://127.0.0.1:3211" },
  { convexSiteUrl: "https://app.fly.dev/http/" },
  { basePath: "/" },
  { renewBeforeSeconds: 0 },
  { proxy: { secret: undefined } },
])("accepts %o, and asks nobody", (options) => {
  const asked = vi.fn<typeof fetch>();
  createAuthServer({ ...sound, ...options, fetch: asked }).forRequest(new Headers());
  expect(asked).not.toHaveBeenCalled();
});

it("a short PROXY_SECRET of this server is told, and never shown", () => {
  vi.stubEnv("PROXY_SECRET", "much-too-short");
  expect(() => createAuthServer(sound)).toThrow(/PROXY_SECRET/);
  expect(() => createAuthServer(sound)).not.toThrow(/much-too-short/);
  vi.unstubAllEnvs();
});
