/** What `doctor --prod` finds of a first production deployment. The Convex CLI is a stand-in that lists variables. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frontendFindings } from "../../js/cli/frontend-build.js";
import { productionFindings } from "../../js/cli/production.js";
import { crossDomain } from "../../js/plugins/index.js";
import { buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";
import { deploy, origin, undeploy, useDeployments } from "./support/deployed.js";

const APP = "https://app.example.com";
const DEV_SECRET = goodEnv.BETTER_AUTH_SECRET;
const SECRET = "a0Vt3yK9uE1oW7sLq5nX2zR8mC4bJ6hG";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
  cli.installConvex(`
    if (args[0] !== "env") process.exit(1);
    console.log(args.includes("--prod") ? process.env.PRODUCTION : process.env.DEVELOPMENT);`);
  cli.write(
    "convex/auth.ts",
    `import { convex, crossDomain } from "convex-gate/plugins";
     betterAuth({ plugins: [crossDomain(), convex({ authConfig })] });
     const github = { clientId: process.env.GITHUB_ID, clientSecret: process.env["GITHUB_SECRET"] };
     const isPretending = process.env.FAKE_MAIL === "1";
     const pricing = process.env.UNSET_ANYWHERE ?? "free";`,
  );
});
afterAll(() => cli.remove());
useDeployments();

const development: Record<string, string> = {
  BETTER_AUTH_SECRET: DEV_SECRET,
  SITE_URL: origin,
  GITHUB_ID: "dev",
  GITHUB_SECRET: "dev-secret-of-github",
  ONLY_IN_A_SCRIPT: "1",
};
const production = {
  BETTER_AUTH_SECRET: SECRET,
  SITE_URL: APP,
  GITHUB_ID: "prod",
  GITHUB_SECRET: "prod-secret-of-github",
};

const dotenv = (env: Record<string, string | undefined>): string =>
  Object.entries(env)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join("\n");

/** Errors and warnings about production with these variables. */
async function faults(change: Record<string, string | undefined>, siteUrl?: string) {
  const site = siteUrl ?? (await inProduction());
  const env = {
    DEVELOPMENT: dotenv(development),
    PRODUCTION: dotenv({ ...production, ...change }),
  };
  const { code, out } = await cli.run(["doctor", "--prod", "--site-url", site], { env });
  for (const secret of [
    SECRET,
    DEV_SECRET,
    development["GITHUB_SECRET"]!,
    production.GITHUB_SECRET,
  ])
    expect(out).not.toContain(secret);
  return { code, lines: out.split("\n").filter((line) => /^(error|warning|unseen)/.test(line)) };
}

/** A deployment of two origins that trusts the app; and the developer's machine, where that stands in the code. */
const inProduction = (trustedOrigins: string[] = []): Promise<string> =>
  deploy(
    { trustedOrigins, advanced: { disableCSRFCheck: false, disableOriginCheck: false } },
    { cors: true },
    undefined,
    [crossDomain({ siteUrl: APP })],
  );

it("finds no fault with a deployment that has all of its own", async () => {
  expect(await faults({})).toEqual({ code: 0, lines: [] });
});

describe("finds", () => {
  it.each<[string, Record<string, string | undefined>, RegExp]>([
    [
      "the developer's machine as SITE_URL",
      { SITE_URL: origin },
      /^error {3}SITE_URL: is the developer's machine .* -> npx convex env set --prod SITE_URL https:\/\/app/,
    ],
    [
      "an address without https",
      { SITE_URL: "http://app.example.com" },
      /^error {3}SITE_URL: is not https .* -> npx convex env set --prod SITE_URL https:\/\/app/,
    ],
    [
      "the secret of development",
      { BETTER_AUTH_SECRET: DEV_SECRET },
      /^error {3}BETTER_AUTH_SECRET: is the same as the development deployment's -> .* --prod BETTER_AUTH_SECRETS/,
    ],
    [
      "a secret of a provider that was never set",
      { GITHUB_SECRET: undefined },
      /^error {3}GITHUB_SECRET: is read by the app's functions .* -> npx convex env set --prod GITHUB_SECRET$/,
    ],
    [
      "NODE_ENV=development",
      { NODE_ENV: "development" },
      /^error {3}NODE_ENV: is "development".* -> npx convex env remove --prod NODE_ENV$/,
    ],
    [
      "no secret at all",
      { BETTER_AUTH_SECRET: undefined },
      /^error {3}BETTER_AUTH_SECRET: is not set -> npx convex env set --prod BETTER_AUTH_SECRET/,
    ],
  ])("%s, and nothing once it is as advised", async (_, change, fault) => {
    const { code, lines } = await faults(change);
    const [name = ""] = Object.keys(change);
    // A wrong SITE_URL is also one that the deployment does not trust.
    const about = lines.filter((line) => line.includes(` ${name}: `));
    expect([code, about]).toEqual([1, [expect.stringMatching(fault)]]);
    const asAdvised = about[0]!.includes("BETTER_AUTH_SECRETS")
      ? { ...change, BETTER_AUTH_SECRETS: `1:${SECRET}` }
      : {};
    await undeploy();
    expect(await faults(asAdvised)).toEqual({ code: 0, lines: [] });
  });

  it("a variable that may be meant for development alone, as a warning", async () => {
    development["FAKE_MAIL"] = "1";
    const found = await faults({});
    delete development["FAKE_MAIL"];
    expect(found).toEqual({
      code: 0,
      lines: [
        "warning FAKE_MAIL: is read by the app's functions and set for development, and not for production -> if production needs it: npx convex env set --prod FAKE_MAIL",
      ],
    });
  });

  it.each<[string, "error" | "warning"]>([
    ["GITHUB_SECRET", "error"],
    ["GOOGLE_CLIENT_ID", "error"],
    ["RESEND_API_KEY", "error"],
    ["STRIPE_APIKEY", "error"],
    ["SIGNING_KEYS", "error"],
    ["POSTMARK_TOKEN", "error"],
    ["SMTP_PASSWORD", "error"],
    ["DEBUG", "warning"],
    ["LOG_LEVEL", "warning"],
    ["KEYBOARD", "warning"],
  ])("%s that production lacks, as: %s", (name, level) => {
    const functions = [{ path: "convex/auth.ts", text: `use(process.env.${name});` }];
    const tree = { functionsFolder: "convex", hasFunctions: true, functions, sources: [] };
    expect(productionFindings({}, { env: { [name]: "1" } }, tree)).toEqual([
      expect.objectContaining({ level, code: name }),
    ]);
  });

  it("a page of the developer's machine that is let in", async () => {
    const { code, lines } = await faults({}, await inProduction([origin]));
    expect([code, lines]).toEqual([
      0,
      [expect.stringContaining(`TRUSTED_ORIGINS: let ${origin} in, in production -> take it from`)],
    ]);
  });

  it("functions that were not deployed", async () => {
    cli.write("convex/http.ts", "authComponent.registerRoutes(http);");
    const empty = await deploy({}, { basePath: "/elsewhere", wellKnown: false });
    expect((await faults({}, empty)).lines).toEqual([
      expect.stringMatching(/^error {3}BASE_PATH: .* -> push the functions .*: npx convex deploy$/),
    ]);
  });
});

it("a deploy key, with which both questions have one answer, is no reused secret", async () => {
  const site = await inProduction();
  const env = { DEVELOPMENT: dotenv(production), PRODUCTION: dotenv(production) };
  const { code } = await cli.run(["doctor", "--prod", "--site-url", site], { env });
  expect(code).toBe(0);
});

describe("a published frontend", () => {
  /** A page with one script. */
  async function built(script: string) {
    const server = createServer((request, response) => {
      const isScript = request.url === "/assets/index.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(
        isScript
          ? script
          : '<script type="module" src="/assets/index.js"></script><script src="https://cdn.invalid/a.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const page = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const found = await frontendFindings(page, "https://calm-animal-3.convex.site");
    await new Promise((resolve) => server.close(resolve));
    return found;
  }
  const naming = (...names: string[]): string =>
    names.map((name) => `use("https://${name}.convex.cloud");`).join("");

  it("that was built for the deployment of development is found", async () => {
    expect(await built(naming("happy-animal-1"))).toEqual([
      expect.objectContaining({
        level: "error",
        code: "FRONTEND",
        message: expect.stringContaining(
          "for the deployment happy-animal-1, not for calm-animal-3",
        ),
      }),
    ]);
    expect(await built(naming("calm-animal-3"))).toEqual([]);
  });

  it("may name other deployments beside its own", async () => {
    expect(await built(naming("happy-animal-1", "calm-animal-3"))).toEqual([]);
  });

  it("is not built for the examples in the texts of Convex's client", async () => {
    /** What a bundler makes of an app. */
    const bundle = async (address: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: {
          contents: `import { ConvexReactClient } from "convex/react";
            window.client = new ConvexReactClient(${address});`,
          resolveDir: import.meta.dirname,
        },
        ...{ bundle: true, minify: true, write: false, format: "esm", platform: "browser" },
      });
      return outputFiles[0]?.text ?? "";
    };
    const own = await bundle('"https://calm-animal-3.convex.cloud"');
    expect(own).toContain("https://happy-otter-123.convex.cloud");
    expect(await built(own)).toEqual([]);
    // As where the address comes with the page, or is a domain of the app's own.
    expect(await built(await bundle("window.address"))).toEqual([]);
    expect(await built(await bundle('"https://brave-lion-456.convex.cloud"'))).toEqual([
      expect.objectContaining({ message: expect.stringContaining("deployment brave-lion-456,") }),
    ]);
  });

  it("is not built for any other example in Convex's packages", async () => {
    const examples = ["convex/dist/esm", "convex-svelte/dist"]
      .map((folder) => join(import.meta.dirname, "../../node_modules", folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".js"))
          .map((path) => readFileSync(join(folder, path), "utf8")),
      )
      .flatMap((text) => text.match(/https:\/\/[\w-]+\.convex\.(?:cloud|site)/g) ?? []);
    expect(examples).not.toEqual([]);
    expect(await built(examples.map((address) => `use("${address}");`).join(""))).toEqual([]);
  });

  it("that does not answer is no finding of its own", async () => {
    const site = "https://calm-animal-3.convex.site";
    expect(await frontendFindings("http://127.0.0.1:1", site)).toEqual([]);
    expect(await frontendFindings("no address", site)).toEqual([]);
  });
});
