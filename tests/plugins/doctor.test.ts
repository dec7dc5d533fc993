/** `doctor` against deployments that are well and deployments that are not. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKeySet } from "../../js/cli/keys.js";
import { APP, buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";
import { deploy, origin, undeploy, useDeployments } from "./support/deployed.js";

let cli: Cli;

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
useDeployments();

async function doctor(siteUrl: string, args: string[] = [], env: Record<string, string> = {}) {
  const all = { ...goodEnv, ...env };
  const { code, out } = await cli.run(["doctor", "--site-url", siteUrl, ...args], { env: all });
  const about =
    /^(\w+) +(SELF_HOSTED|BASE_PATH|ISSUER|JWKS|COOKIES|TRUSTED_ORIGINS|SETUP|CORS|ONE_ORIGIN|DEPLOYMENT): (.*)$/gm;
  return { code, lines: [...out.matchAll(about)].map(([, ...parts]) => parts.join(" ")) };
}

describe("a deployment that is well", () => {
  it("has nothing but good findings, one line each", async () => {
    const { code, lines } = await doctor(await deploy());
    expect(lines).toEqual([
      "ok BASE_PATH is /api/auth",
      expect.stringMatching(/^ok ISSUER is http:\/\/127/),
      "ok JWKS holds 1 key(s)",
      "ok COOKIES are named better-auth.session_token and the like",
      `ok TRUSTED_ORIGINS hold ${origin}`,
      `ok CORS lets ${origin} in`,
    ]);
    expect(code).toBe(0);
  });

  it("is found under another base path, and by the variables alone", async () => {
    const siteUrl = await deploy({ basePath: "/auth/v1" }, { cors: true, basePath: "/auth/v1" });
    const env = { ...goodEnv, CONVEX_SITE_URL: siteUrl };
    const { code, out } = await cli.run(["doctor", "--base-path", "/auth/v1"], { env });
    expect(out).toContain("ok      BASE_PATH: is /auth/v1");
    expect(code).toBe(0);
  });

  it("of a self-hosted backend serves its key set where that does not wait for itself", async () => {
    const siteUrl = await deploy();
    const config = "convex/auth.config.ts";
    cli.write(config, "getAuthConfigProvider({ selfHosted: true })");
    const { code, lines } = await doctor(siteUrl, [], { CONVEX_SELF_HOSTED_URL: `${siteUrl}/` });
    const wrong = await doctor(siteUrl, [], { CONVEX_SELF_HOSTED_URL: `${siteUrl}/proxied` });
    cli.write(config, APP[config]!);
    expect([code, lines[0]]).toEqual([
      0,
      `ok SELF_HOSTED serves its key set at ${siteUrl}/http/api/auth/convex/jwks`,
    ]);
    expect([wrong.code, wrong.lines[0]]).toEqual([
      1,
      expect.stringMatching(/^error SELF_HOSTED cannot fetch its key set: .* answers 404/),
    ]);
  });
});

/** Better Auth checks no origins while `NODE_ENV` is "test", unless it is told to. */
const checked = { disableCSRFCheck: false, disableOriginCheck: false };

describe("finds", () => {
  const errorsOf = async (...args: Parameters<typeof doctor>): Promise<unknown[]> => {
    const { code, lines } = await doctor(...args);
    return [code, lines.filter((line) => !line.startsWith("ok"))];
  };

  it("another issuer than the address", async () => {
    const siteUrl = await deploy();
    process.env["CONVEX_SITE_URL"] = "https://happy-animal-1.convex.site";
    expect(await errorsOf(siteUrl)).toEqual([
      1,
      [expect.stringContaining(`ISSUER is https://happy-animal-1.convex.site, not ${siteUrl}`)],
    ]);
  });

  it("another base path, with the one that is right", async () => {
    const siteUrl = await deploy({ basePath: "/auth" }, { basePath: "/auth" });
    expect(await errorsOf(siteUrl)).toEqual([
      1,
      [expect.stringContaining("error BASE_PATH is /auth, not /api/auth -> use --base-path /auth")],
    ]);
  });

  it("routes that are mounted elsewhere than Better Auth believes", async () => {
    expect(await errorsOf(await deploy({ basePath: "/auth" }))).toEqual([
      1,
      [expect.stringContaining('SETUP Better Auth lives under "/auth", but its routes are')],
    ]);
  });

  it("keys that Convex would look for elsewhere", async () => {
    const moved = await deploy({ basePath: "/auth" }, { basePath: "/auth" }, "/api/auth");
    const [code, lines] = await errorsOf(moved, ["--base-path", "/auth"]);
    expect([code, lines]).toEqual([
      1,
      [expect.stringContaining('use getAuthConfigProvider({ basePath: "/auth" })')],
    ]);
  });

  it("routes at the root", async () => {
    const siteUrl = await deploy({ basePath: "/" }, { basePath: "/", cors: true });
    expect(await errorsOf(siteUrl)).toEqual([1, [expect.stringContaining("BASE_PATH is /, not")]]);
    expect(await errorsOf(siteUrl, ["--base-path", "/"])).toEqual([0, []]);
  });

  it("nobody there", async () => {
    const siteUrl = await deploy();
    await undeploy();
    expect(await errorsOf(siteUrl)).toEqual([
      1,
      [
        expect.stringMatching(
          `^error DEPLOYMENT .* cannot be reached -> ${siteUrl} is a wrong address, or the backend is not running`,
        ),
      ],
    ]);
  });

  it("the address for clients, with the one that is right", async () => {
    const cloud = "https://happy-animal-1.eu-west-1.convex.cloud";
    expect(await errorsOf(`${cloud}/`)).toEqual([
      1,
      [
        `error DEPLOYMENT is asked at ${cloud}, which is for clients and has no HTTP routes -> use its address https://happy-animal-1.eu-west-1.convex.site`,
      ],
    ]);
  });

  it("static keys here that the deployment does not have", async () => {
    const keys = await newKeySet("RS256", Date.now());
    const env = { STATIC_JWKS: JSON.stringify(keys) };
    expect(await errorsOf(await deploy(), [], env)).toEqual([
      1,
      [expect.stringContaining(`JWKS does not hold ${keys[0]?.id ?? ""} of the STATIC_JWKS here`)],
    ]);
  });

  it("an untrusted SITE_URL", async () => {
    expect(await errorsOf(await deploy({ trustedOrigins: [], advanced: checked }))).toEqual([
      1,
      [expect.stringContaining(`TRUSTED_ORIGINS do not hold SITE_URL (${origin}) -> add`)],
    ]);
  });

  it("origins that are all trusted", async () => {
    expect(await errorsOf(await deploy({ trustedOrigins: ["https://*", origin] }))).toEqual([
      1,
      [expect.stringContaining('SETUP The origin "https://*" is every site')],
    ]);
  });

  it("missing CORS, which is only a warning", async () => {
    expect(await errorsOf(await deploy({}, {}))).toEqual([
      0,
      [expect.stringContaining(`warning CORS does not let ${origin} in`)],
    ]);
  });

  it.each([
    [{ cookiePrefix: "my-app" }, 'cookiePrefix: "my-app"'],
    [{ useSecureCookies: true }, "is refused by browsers without https"],
    [{ cookies: { session_token: { name: "sid" } } }, "no session cookie was seen"],
  ])("cookies of other names: %j", async (advanced, text) => {
    expect(await errorsOf(await deploy({ advanced }))).toEqual([
      0,
      [expect.stringContaining(text)],
    ]);
  });
});

describe("an app that passes /api/auth on", () => {
  /** A server at an origin of its own that passes everything on, as an app's does. Gives its address. */
  async function passOn(site: () => string): Promise<{ origin: string; close(): Promise<void> }> {
    const app = createServer((request, response) => {
      void fetch(`${site()}${request.url ?? ""}`).then(async (answer) => {
        response.writeHead(answer.status, [...answer.headers].flat());
        response.end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    return {
      origin: `http://127.0.0.1:${String((app.address() as AddressInfo).port)}`,
      close: () => new Promise((resolve) => app.close(() => resolve())),
    };
  }

  it("needs neither SITE_URL nor CORS, and is asked whether it does", async () => {
    const app = await passOn(() => siteUrl);
    const siteUrl = await deploy(
      { baseURL: app.origin, trustedOrigins: [], advanced: checked },
      {},
    );
    const env = { SITE_URL: "", BETTER_AUTH_URL: app.origin };
    const { code, lines } = await doctor(siteUrl, [], env);
    await app.close();
    const gone = await doctor(siteUrl, [], env);
    expect([code, lines.slice(3)]).toEqual([
      0,
      [
        "ok COOKIES are named better-auth.session_token and the like",
        `ok TRUSTED_ORIGINS hold ${app.origin}`,
        `ok ONE_ORIGIN ${app.origin} passes requests on`,
      ],
    ]);
    expect([gone.code, gone.lines.at(-1)]).toEqual([
      0,
      `unseen ONE_ORIGIN was not asked: the app is not running at ${app.origin} -> start it, and run doctor again`,
    ]);
  });

  it("but to another deployment is told", async () => {
    const [elsewhere, first] = ["https://sad-animal-2.convex.site", await deploy()];
    const other = createServer((_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ issuer: elsewhere }));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
    const { code, lines } = await doctor(first, [], { SITE_URL: "", BETTER_AUTH_URL: origin });
    await new Promise((resolve) => other.close(resolve));
    expect([code, lines.at(-1)]).toEqual([
      1,
      expect.stringContaining(`to another deployment (${elsewhere}) -> change the target`),
    ]);
  });
});
