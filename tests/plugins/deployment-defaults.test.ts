/** What Better Auth decides by `NODE_ENV`, on Convex, which sets none. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BetterAuthOptions } from "better-auth";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isPublicSecret, SET_SECRET } from "../../js/utils/secrets.js";
import { createApp } from "./support/app.js";

afterEach(() => vi.unstubAllEnvs());

/** The context of an instance that was made in an environment. */
async function contextIn(env: Record<string, string | undefined>, options: BetterAuthOptions = {}) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return createApp({ options }).auth.$context;
}
const deployment = { CONVEX_CLOUD_URL: "https://happy-animal-1.convex.cloud", NODE_ENV: undefined };

describe("rate limits", () => {
  it.each<[string, Record<string, string | undefined>, BetterAuthOptions["rateLimit"], boolean]>([
    ["on, on a deployment", deployment, undefined, true],
    ["on, with rules of the app's", deployment, { max: 7 }, true],
    ["off, where the app says so", deployment, { enabled: false }, false],
    [
      "off, where the variable says development",
      { ...deployment, NODE_ENV: "development" },
      undefined,
      false,
    ],
    ["off, where the variable says dev", { ...deployment, NODE_ENV: "dev" }, undefined, false],
    ["off, where the variable says test", { ...deployment, NODE_ENV: "test" }, undefined, false],
    ["on, where it says anything else", { ...deployment, NODE_ENV: "staging" }, undefined, true],
    [
      "on there, where the app says so",
      { ...deployment, NODE_ENV: "development" },
      { enabled: true },
      true,
    ],
    ["off, in tests of functions", { CONVEX_CLOUD_URL: undefined }, undefined, false],
  ])("are %s", async (_, env, rateLimit, enabled) => {
    const context = await contextIn(env, rateLimit && { rateLimit });
    expect([context.rateLimit.enabled, context.options.rateLimit?.enabled]).toEqual([
      enabled,
      enabled,
    ]);
    expect(context.rateLimit).toMatchObject({ storage: "database", max: rateLimit?.max ?? 100 });
  });

  it("leave out what cannot be guessed, unless the app has a rule for it", async () => {
    const rule = { window: 60, max: 3 };
    const { rateLimit } = await contextIn(deployment, {
      rateLimit: { customRules: { "/get-session": rule, "/convex/*": rule, "/sign-in/*": rule } },
    });
    expect(rateLimit.customRules).toMatchObject({
      "/get-session": rule,
      "/convex/token": false,
      "/sign-in/*": rule,
    });
    // The first rule that matches is the one that Better Auth takes.
    const keys = Object.keys(rateLimit.customRules ?? {});
    expect(keys.indexOf("/convex/*")).toBeLessThan(keys.indexOf("/convex/token"));
  });
});

describe("the check of origins", () => {
  it.each([
    ["on", { ...deployment, NODE_ENV: "test" }, {}, false],
    ["on", { ...deployment, TEST: "1" }, {}, false],
    ["off, where the app says so,", deployment, { disableOriginCheck: true }, true],
    ["Better Auth's matter in tests of functions", { CONVEX_CLOUD_URL: undefined }, {}, true],
  ])("is %s with %j", async (_, env, advanced, skipped) => {
    expect((await contextIn(env, { advanced })).skipOriginCheck).toBe(skipped);
  });
});

describe("Better Auth's own", () => {
  const modules = join(import.meta.dirname, "../../node_modules");
  const source = (path: string): string => readFileSync(join(modules, path), "utf8");

  it("default secret is known to be public", () => {
    const text = source("better-auth/dist/utils/constants.mjs");
    const [, secret = ""] = /DEFAULT_SECRET = "([^"]+)"/.exec(text) ?? [];
    expect(secret.length).toBeGreaterThan(30);
    expect(isPublicSecret(secret)).toBe(true);
  });

  it("is the command that makes one, where a shell of Windows has not run it", () => {
    const [, command = ""] = /"(.*)"/.exec(SET_SECRET) ?? [];
    expect(command).toContain("openssl");
    expect(isPublicSecret(command)).toBe(true);
    expect(isPublicSecret("Vb0JX1r2Yv4nQk3mZ8sT6wL9pH5dF7gA1cE0iU2oK4x=")).toBe(false);
  });

  it("guards by NODE_ENV are the ones that were decided on", () => {
    // A new one fails here: decide it in js/plugins/convex/deployment-defaults.ts, then count it.
    const packages = [
      "better-auth",
      ...readdirSync(join(modules, "@better-auth")).map((name) => `@better-auth/${name}`),
    ];
    const found = packages.flatMap((name) => {
      const dist = join(modules, name, "dist");
      return readdirSync(dist, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".mjs"))
        .flatMap((path) => {
          const uses = source(`${name}/dist/${path}`)
            .split("\n")
            .filter((line) => !/^\s*(import|export|\*|\/\*)/.test(line))
            .join("\n")
            .match(/\b(isProduction|isDevelopment|isTest|NODE_ENV)\b/g);
          return uses === null ? [] : [`${name}/${path} ${uses.length}`];
        });
    });
    expect(found.sort()).toMatchInlineSnapshot(`
      [
        "@better-auth/core/env/env-impl.mjs 6",
        "@better-auth/core/utils/ip.mjs 2",
        "@better-auth/electron/client.mjs 3",
        "@better-auth/telemetry/index.mjs 3",
        "@better-auth/telemetry/node.mjs 3",
        "better-auth/api/routes/error.mjs 1",
        "better-auth/api/routes/sign-up.mjs 1",
        "better-auth/client/vue/vue-store.mjs 1",
        "better-auth/context/create-context.mjs 4",
        "better-auth/cookies/index.mjs 2",
        "better-auth/oauth2/link-account.mjs 1",
      ]
    `);
  });
});
