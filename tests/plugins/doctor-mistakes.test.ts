/**
 * The mistakes that docs/doctor.md lists: each is made in an app that is well, found by its code, and gone once the advice
 * was followed. The Convex CLI is a stand-in that lists variables; deployments are the real routes on a port.
 */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { satisfies } from "../../js/cli/package-findings.js";
import { crossDomain } from "../../js/plugins/index.js";
import { APP, buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";
import { deploy, origin, undeploy, useDeployments } from "./support/deployed.js";

const repository = join(import.meta.dirname, "../..");
let cli: Cli;
/** The variables of the deployment, and of the frontend here. */
let deployed: Record<string, string>;
let here: Record<string, string>;

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());
useDeployments();

/** The app, with a client and a version of Better Auth. */
const FILES: Record<string, string> = {
  ...APP,
  "src/auth-client.ts": `createAuthClient({\n  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,\n  plugins: [crossDomainClient(), convexClient()],\n});`,
  "node_modules/better-auth/package.json": `{ "name": "better-auth", "version": "1.7.25" }`,
};

const BETTER_AUTH = "node_modules/better-auth/package.json";
const LAZY_HTTP = `import { registerRoutes } from "convex-gate/http";\nregisterRoutes(http, async (ctx) => (await import("./auth")).createAuth(ctx), { cors: true });`;

const NATIVE_CLIENT = `createAuthClient({ plugins: [expoClient({ scheme: "myapp" }), convexClient()] });`;

const write = (path: string, text: string): void => cli.write(path, text);
const edit = (path: string, from: string, to: string): void => {
  const text = readFileSync(join(cli.folder, path), "utf8");
  expect(text).toContain(from);
  write(path, text.replace(from, to));
};

beforeEach(() => {
  for (const folder of ["convex", "src", "node_modules"])
    rmSync(join(cli.folder, folder), { recursive: true, force: true });
  for (const [path, text] of Object.entries(FILES)) write(path, text);
  const manifest = readFileSync(join(repository, "package.json"), "utf8");
  const { version, peerDependencies, peerDependenciesMeta } = JSON.parse(manifest);
  write(
    "node_modules/convex-gate/package.json",
    JSON.stringify({ name: "convex-gate", version, peerDependencies, peerDependenciesMeta }),
  );
  cli.installConvex(`
    if (process.env.UNKNOWN) { console.error("✖ No CONVEX_DEPLOYMENT set"); process.exit(1); }
    if (args[0] !== "env") process.exit(1);
    console.log(args.includes("--prod") ? process.env.PRODUCTION : process.env.LISTED);`);
  write(
    "node_modules/convex/package.json",
    JSON.stringify({ name: "convex", version: "1.48.0", bin: { convex: "main.cjs" } }),
  );
  deployed = { BETTER_AUTH_SECRET: goodEnv.BETTER_AUTH_SECRET, SITE_URL: origin };
  here = { VITE_CONVEX_URL: "http://127.0.0.1:3210" };
});

const listed = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");

/** What is found, but for what is fine. */
async function faults(siteUrl: string, args: string[] = [], env: Record<string, string> = {}) {
  const given = { ...here, VITE_CONVEX_SITE_URL: siteUrl, LISTED: listed(deployed), ...env };
  const all = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const { code, out } = await cli.run(["doctor", ...args], { env: all });
  expect(out).not.toContain(goodEnv.BETTER_AUTH_SECRET);
  return {
    code,
    out,
    lines: out.split("\n").filter((line) => /^(error|warning|unseen)/.test(line)),
  };
}

/** The deployment of the README: two origins. */
const twoOrigins = (siteUrl: string | readonly string[] = origin, cors = true): Promise<string> =>
  deploy(checked, cors ? { cors: true } : {}, undefined, [crossDomain({ siteUrl })]);
/** The same without `crossDomain()`. */
const oneOrigin = (): Promise<string> => deploy({ ...checked, baseURL: origin });
/** Better Auth checks no origins while `NODE_ENV` is "test", unless it is told to. */
const checked = {
  trustedOrigins: [],
  advanced: { disableCSRFCheck: false, disableOriginCheck: false },
};

/** The value that a finding says to set a variable to. */
const advised = (line: string): [string, string] => {
  const [, name = "", value = ""] =
    /npx convex env set (?:--prod )?(\w+) ("[^"]+"|\S+)/.exec(line) ?? [];
  return [name, value.includes("openssl") ? goodEnv.BETTER_AUTH_SECRET : value];
};
const setAsAdvised = (line: string): void => {
  const [name, value] = advised(line);
  deployed[name] = value;
};

interface Mistake {
  /** Makes the mistake; gives the site of the deployment. */
  readonly make: () => Promise<string>;
  readonly found: RegExp;
  /** Does what the finding's line says; gives the site, where there is another. */
  readonly follow: (line: string) => unknown;
}

const MISTAKES: Record<string, Mistake> = {
  "the secret is in .env.local instead of on the deployment": {
    make: () => {
      here["BETTER_AUTH_SECRET"] = goodEnv.BETTER_AUTH_SECRET;
      delete deployed["BETTER_AUTH_SECRET"];
      return twoOrigins();
    },
    found:
      /^error {3}BETTER_AUTH_SECRET: is set here only.* -> npx convex env set BETTER_AUTH_SECRET/,
    follow: setAsAdvised,
  },
  "SITE_URL is not set": {
    make: () => {
      delete deployed["SITE_URL"];
      return twoOrigins();
    },
    found: /^warning SITE_URL: is not set, so crossDomain\(\) does not know the frontend -> npx/,
    follow: setAsAdvised,
  },
  "SITE_URL is no origin": {
    make: () => {
      deployed["SITE_URL"] = `${origin},https://app.example.com`;
      return twoOrigins();
    },
    found:
      /^error {3}SITE_URL: is not an http\(s\) URL, or not one only -> npx convex env set SITE_URL/,
    follow: setAsAdvised,
  },
  "SITE_URL is another origin than the one that is trusted": {
    make: () => twoOrigins("http://localhost:3000"),
    found:
      /^error {3}TRUSTED_ORIGINS: do not hold SITE_URL \(http:\/\/localhost:5173\) -> add crossDomain/,
    follow: () => undeploy().then(() => twoOrigins()),
  },
  "the client asks the .convex.cloud address": {
    make: () => {
      edit("src/auth-client.ts", "VITE_CONVEX_SITE_URL", "VITE_CONVEX_URL");
      return twoOrigins();
    },
    found:
      /^error {3}CLIENT: src\/auth-client.ts has VITE_CONVEX_URL as its baseURL.* -> use VITE_CONVEX_SITE_URL$/,
    follow: () => edit("src/auth-client.ts", "VITE_CONVEX_URL", "VITE_CONVEX_SITE_URL"),
  },
  "a variable of the frontend is missing": {
    make: () => {
      delete here["VITE_CONVEX_URL"];
      write("src/main.ts", "new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);");
      return twoOrigins();
    },
    found:
      /^error {3}VITE_CONVEX_URL: is read in src\/main.ts, and not set here -> npx convex dev writes/,
    // What the CLI writes.
    follow: () => {
      here["VITE_CONVEX_URL"] = "http://127.0.0.1:3210";
    },
  },
  "the component is not installed": {
    make: () => {
      write("convex/convex.config.ts", "export default defineApp();");
      return twoOrigins();
    },
    found: /^error {3}COMPONENT: is not installed -> in convex\/convex.config.ts: import/,
    follow: (line) => write("convex/convex.config.ts", line.replace(/^.*convex.config.ts: /, "")),
  },
  "Convex does not accept the tokens": {
    make: () => {
      rmSync(join(cli.folder, "convex/auth.config.ts"));
      return twoOrigins();
    },
    found:
      /^error {3}AUTH_CONFIG: does not let Convex accept the tokens -> in convex\/auth.config.ts/,
    follow: (line) => write("convex/auth.config.ts", line.replace(/^.*auth.config.ts: /, "")),
  },
  "two providers are for the tokens of Convex": {
    make: () => {
      edit(
        "convex/auth.config.ts",
        "getAuthConfigProvider()]",
        `getAuthConfigProvider(), { domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }]`,
      );
      return twoOrigins();
    },
    found:
      /^error {3}AUTH_CONFIG: has 2 providers with applicationID "convex".* -> keep one in convex\/auth.config.ts$/,
    follow: () => write("convex/auth.config.ts", FILES["convex/auth.config.ts"]!),
  },
  "convex() is missing on the server": {
    make: () => {
      edit("convex/auth.ts", "convex({ authConfig })", "");
      return twoOrigins();
    },
    found: /^error {3}CONVEX_PLUGIN: is missing.* -> add convex\({ authConfig }\)/,
    follow: () =>
      edit("convex/auth.ts", "crossDomain(), ", "crossDomain(), convex({ authConfig })"),
  },
  "convexClient() is missing on the client": {
    make: () => {
      edit("src/auth-client.ts", ", convexClient()", "");
      return twoOrigins();
    },
    found: /^error {3}CLIENT: .* without convexClient\(\).* -> add convexClient\(\)/,
    follow: () =>
      edit("src/auth-client.ts", "crossDomainClient()", "crossDomainClient(), convexClient()"),
  },
  "the routes are not mounted": {
    make: () => {
      write("convex/http.ts", "export default httpRouter();");
      return twoOrigins();
    },
    found:
      /^error {3}ROUTES: are not mounted.* -> in convex\/http.ts: authComponent.registerRoutes/,
    follow: (line) => write("convex/http.ts", line.replace(/^.*http.ts: /, "")),
  },
  "the functions are not pushed": {
    make: () => deploy({}, { basePath: "/elsewhere", wellKnown: false }),
    found:
      /^error {3}BASE_PATH: .* answers 404 -> push the functions that are here: npx convex dev$/,
    follow: () => undeploy().then(() => twoOrigins()),
  },
  "crossDomain() is on the server only": {
    make: () => {
      edit("src/auth-client.ts", "crossDomainClient(), ", "");
      return twoOrigins();
    },
    found:
      /^error {3}CLIENT: .* has no crossDomainClient\(\), and the deployment has .* -> add crossDomainClient\(\)/,
    follow: () =>
      edit("src/auth-client.ts", "convexClient()", "crossDomainClient(), convexClient()"),
  },
  "crossDomainClient() is on the client only": {
    make: oneOrigin,
    found:
      /^error {3}CLIENT: .* has crossDomainClient\(\), and the deployment has no .* -> add crossDomain\(\)/,
    follow: () => undeploy().then(() => twoOrigins()),
  },
  "two origins without CORS": {
    make: () => twoOrigins(origin, false),
    found: /^warning CORS: does not let http:\/\/localhost:5173 in -> registerRoutes\(.*cors: true/,
    follow: () => undeploy().then(() => twoOrigins()),
  },
  "Better Auth is of another line": {
    make: () => {
      write(
        "node_modules/better-auth/package.json",
        `{ "name": "better-auth", "version": "1.6.11" }`,
      );
      return twoOrigins();
    },
    found:
      /^error {3}PACKAGES: have better-auth 1.6.11, and convex-gate .* needs >=1.7.3 <1.8 -> npm i "better-auth@>=1.7.3 <1.8"$/,
    follow: () =>
      write(
        "node_modules/better-auth/package.json",
        FILES["node_modules/better-auth/package.json"]!,
      ),
  },
  "there are two copies of better-auth": {
    make: () => {
      const nested = "node_modules/convex-gate/node_modules/better-auth/package.json";
      write(nested, `{ "name": "better-auth", "version": "1.7.3" }`);
      return twoOrigins();
    },
    found:
      /^error {3}PACKAGES: have two copies of better-auth \(1.7.25 and 1.7.3\).* -> npm i .* && npm dedupe/,
    // What npm dedupe does.
    follow: () =>
      rmSync(join(cli.folder, "node_modules/convex-gate/node_modules"), { recursive: true }),
  },
  "expo() is on the client only": {
    make: () => {
      write("src/native-client.ts", NATIVE_CLIENT);
      edit("convex/auth.ts", "plugins:", 'trustedOrigins: ["myapp://"], plugins:');
      return twoOrigins();
    },
    found:
      /^error {3}EXPO_PLUGIN: is missing, and src\/native-client.ts is of an Expo app.* -> add expo\(\) of/,
    follow: () => edit("convex/auth.ts", "plugins: [", "plugins: [expo(), "),
  },
  "the scheme of an Expo app is not trusted": {
    make: () => {
      write("src/native-client.ts", NATIVE_CLIENT.replace("scheme", "storage, scheme"));
      edit("convex/auth.ts", "plugins: [", 'trustedOrigins: ["other://"], plugins: [expo(), ');
      return twoOrigins();
    },
    found: /^warning TRUSTED_ORIGINS: do not hold myapp:\/\/ in convex\/.* -> add trustedOrigins: /,
    follow: (line) =>
      edit(
        "convex/auth.ts",
        'trustedOrigins: ["other://"]',
        line.replace(/^.* -> add (.*) to the .*$/, "$1"),
      ),
  },
  "the fast lane asks a component of another name": {
    make: () => {
      write("convex/http.ts", LAZY_HTTP);
      edit("convex/convex.config.ts", "use(betterAuth)", `use(betterAuth, { name: "auth" })`);
      return twoOrigins();
    },
    found:
      /^warning FAST_LANE: asks components.betterAuth, and the component is called auth .* -> in convex\/http.ts add component: components.auth to/,
    follow: () => edit("convex/http.ts", "cors: true", "component: components.auth, cors: true"),
  },
  "the fast lane does not know the version of Better Auth": {
    make: () => {
      write("convex/http.ts", LAZY_HTTP);
      write(BETTER_AUTH, `{ "name": "better-auth", "version": "1.7.26" }`);
      return twoOrigins();
    },
    found:
      /^warning FAST_LANE: is not taken with better-auth 1.7.26: .* -> npm i convex-gate@latest, or npm i better-auth@1.7.25$/,
    follow: () => write(BETTER_AUTH, FILES[BETTER_AUTH]!),
  },
};

it("an app without a mistake has no fault", async () => {
  const { code, lines, out } = await faults(await twoOrigins());
  expect([code, lines]).toEqual([0, []]);
  expect(out).toContain("ok      CONVEX_FILES: have component, auth.config, plugin and routes");
  expect(out).toContain("ok      CLIENT: src/auth-client.ts: fits the deployment");
  expect(out).toContain("ok      PACKAGES: fit each other");
});

it.each(Object.entries(MISTAKES))("%s: found, and gone as advised", async (_, mistake) => {
  const siteUrl = await mistake.make();
  const before = await faults(siteUrl);
  // Nothing runs on the port of the app, which is asked on one origin.
  const found = before.lines.filter((line) => !line.includes("ONE_ORIGIN"));
  expect(found).toEqual([expect.stringMatching(mistake.found)]);
  expect(before.code).toBe(before.lines[0]?.startsWith("error") ? 1 : 0);
  const moved = await mistake.follow(before.lines[0]!);
  const after = await faults(typeof moved === "string" ? moved : siteUrl);
  expect([after.code, after.lines]).toEqual([0, []]);
});

it("are all on the page on doctor", () => {
  const page = readFileSync(join(repository, "docs/doctor.md"), "utf8");
  expect(Object.keys(MISTAKES).filter((mistake) => !page.includes(mistake))).toEqual([]);
});

it("the fast lane is no matter where it is off, or was never there", async () => {
  write(BETTER_AUTH, `{ "name": "better-auth", "version": "1.7.24" }`);
  const site = await twoOrigins();
  expect((await faults(site)).lines).toEqual([]);
  write("convex/http.ts", LAZY_HTTP);
  expect((await faults(site)).lines).toEqual([
    expect.stringMatching(/^warning FAST_LANE: .* -> npm i better-auth@1.7.25$/),
  ]);
  write("convex/http.ts", LAZY_HTTP.replace("cors: true", "cors: true, fastLane: false"));
  expect((await faults(site)).lines).toEqual([]);
});

it.each([
  ["pnpm-lock.yaml", "pnpm add", "pnpm dedupe"],
  ["yarn.lock", "yarn add", undefined],
  ["bun.lock", "bun add", undefined],
])("packages are added by the package manager of %s", async (lock, add, dedupe) => {
  write(lock, "");
  const offline = async (): Promise<string> => (await faults("", ["--offline"])).out;
  rmSync(join(cli.folder, "node_modules/better-auth"), { recursive: true });
  expect(await offline()).toContain(`lack better-auth -> ${add} "better-auth@>=1.7.3 <1.8"\n`);
  write(BETTER_AUTH, FILES[BETTER_AUTH]!);
  write("node_modules/convex-gate/node_modules/better-auth/package.json", `{ "version": "1.7.3" }`);
  const rest = dedupe ? ` && ${dedupe};` : ", then install again without the lock file;";
  expect(await offline()).toContain(`-> ${add} better-auth@latest convex-gate@latest${rest}`);
  rmSync(join(cli.folder, "node_modules/convex-gate"), { recursive: true });
  expect(await offline()).toContain(`lack convex-gate -> ${add} convex-gate\n`);
  rmSync(join(cli.folder, lock));
});

it("one provider of two that a condition chooses is left alone", async () => {
  const chosen = `providers: [process.env.STATIC_JWKS ? getAuthConfigProvider({ jwks: process.env.STATIC_JWKS }) : getAuthConfigProvider()]`;
  edit("convex/auth.config.ts", "providers: [getAuthConfigProvider()]", chosen);
  expect((await faults(await twoOrigins())).lines).toEqual([]);
});

it("plugins that a condition chooses are left alone", async () => {
  edit(
    "src/auth-client.ts",
    "[crossDomainClient(), ",
    "[...(isOneOrigin ? [] : [crossDomainClient()]), ",
  );
  expect((await faults(await oneOrigin())).lines.filter((line) => line.includes("CLIENT"))).toEqual(
    [],
  );
});

it("of several clients one has to fit: which one is used where cannot be seen", async () => {
  write("src/native-client.ts", "createAuthClient({ plugins: [convexClient()] });");
  const site = await oneOrigin();
  expect((await faults(site)).lines.filter((line) => line.includes("CLIENT"))).toEqual([]);
});

it("the client of an Expo app has its plugins by itself", async () => {
  const client = (name: string): string =>
    `createExpoAuthClient({ baseURL: process.env.EXPO_PUBLIC_${name}, scheme: "myapp" });`;
  write("src/auth-client.ts", client("CONVEX_SITE_URL"));
  edit("convex/auth.ts", "plugins: [", 'trustedOrigins: ["myapp://"], plugins: [expo(), ');
  const site = await twoOrigins();
  here = { EXPO_PUBLIC_CONVEX_SITE_URL: site, EXPO_PUBLIC_CONVEX_URL: "http://127.0.0.1:3210" };
  const { lines, out } = await faults(site);
  expect(lines).toEqual([]);
  expect(out).toContain("ok      CLIENT: src/auth-client.ts: fits the deployment");
  write("src/auth-client.ts", client("CONVEX_URL"));
  expect((await faults(site)).lines).toEqual([
    expect.stringMatching(/^error {3}CLIENT: .* -> use EXPO_PUBLIC_CONVEX_SITE_URL$/),
  ]);
});

it("trusted origins that come from elsewhere are left alone", async () => {
  write("src/native-client.ts", NATIVE_CLIENT);
  edit("convex/auth.ts", "plugins: [", "trustedOrigins: [process.env.SCHEME!], plugins: [expo(), ");
  expect((await faults(await twoOrigins())).lines).toEqual([]);
});

it("an app on one origin needs SITE_URL alone, and is told where it is missing", async () => {
  edit("src/auth-client.ts", "crossDomainClient(), ", "");
  edit("convex/auth.ts", "crossDomain(), ", "");
  const { out, lines } = await faults(await oneOrigin());
  expect(out).toContain("ok      BETTER_AUTH_URL: is not set: it is SITE_URL");
  // Nothing runs on the port of the app, which is no fault of a developer's.
  expect(lines).toEqual([expect.stringMatching(/^unseen +ONE_ORIGIN: .* the app is not running/)]);
  delete deployed["SITE_URL"];
  expect((await faults(await oneOrigin())).lines[0]).toMatch(
    /^warning SITE_URL: is not set, so links lead to the deployment, and no page is trusted -> npx/,
  );
});

it.each([
  [{ next: "*" }, {}, 3000],
  [{ "@tanstack/react-start": "*", vite: "*" }, { dev: "vite dev --port 4000" }, 4000],
  [{ vite: "*", react: "*" }, { dev: "vite" }, 5173],
  [{ expo: "*" }, { start: "expo start" }, 8081],
  [{}, {}, 5173],
])("the address of an app with %j and %j is on port %i", async (dependencies, scripts, port) => {
  const before = readFileSync(join(cli.folder, "package.json"), "utf8");
  const all = { "convex-gate": "*", "better-auth": "*", ...dependencies };
  write("package.json", JSON.stringify({ dependencies: all, scripts }));
  delete deployed["SITE_URL"];
  const { out } = await faults(await twoOrigins());
  write("package.json", before);
  expect(out).toContain(`-> npx convex env set SITE_URL http://localhost:${String(port)}\n`);
});

it("a folder without functions, and one that never heard of the package, are told apart", async () => {
  const siteUrl = await twoOrigins();
  rmSync(join(cli.folder, "convex"), { recursive: true });
  expect((await faults(siteUrl)).lines).toEqual([
    expect.stringMatching(/^unseen {2}CONVEX_FILES: no Convex/),
  ]);
  write("convex/tasks.ts", "// convex-gate\nexport {}");
  expect((await faults(siteUrl)).lines).toEqual([
    "error   CONVEX_FILES: nothing in convex/ uses convex-gate -> npx convex-gate init",
  ]);
  cpSync(join(cli.folder, "convex"), join(cli.folder, "backend"), { recursive: true });
  rmSync(join(cli.folder, "convex"), { recursive: true });
  write("convex.json", `{ "functions": "backend/" }`);
  expect((await faults(siteUrl)).lines).toEqual([
    expect.stringContaining("nothing in backend/ uses"),
  ]);
  rmSync(join(cli.folder, "convex.json"));
  rmSync(join(cli.folder, "backend"), { recursive: true });
});

it("a report for programs has the same findings, and no secret", async () => {
  deployed["SITE_URL"] = "localhost:5173";
  const { code, out } = await faults(await twoOrigins(), ["--json"]);
  const { exitCode, findings } = JSON.parse(out) as { exitCode: number; findings: object[] };
  expect([code, exitCode]).toEqual([1, 1]);
  expect(findings).toContainEqual({
    level: "error",
    code: "SITE_URL",
    message: "is not an http(s) URL, or not one only",
    remedy: "npx convex env set SITE_URL http://localhost:5173",
  });
  expect(findings).toContainEqual(expect.objectContaining({ level: "ok", code: "ISSUER" }));
});

it("exit codes tell faults from what could not be looked at", async () => {
  const blind = { UNKNOWN: "1", VITE_CONVEX_SITE_URL: "", VITE_CONVEX_URL: "http://127.0.0.1:1" };
  const missing = { ...blind, VITE_CONVEX_URL: "" };
  edit("src/auth-client.ts", "import.meta.env.VITE_CONVEX_SITE_URL", "site");
  expect((await faults("", [], missing)).code).toBe(2);
  expect((await faults("", ["--offline"], missing)).code).toBe(0);
  expect((await faults("", ["--deployment"], missing)).code).toBe(1);
});

it.each([
  ["1.7.3", ">=1.7.3 <1.8", true],
  ["1.7.25", ">=1.7.3 <1.8", true],
  ["1.7.2", ">=1.7.3 <1.8", false],
  ["1.8.0-beta.1", ">=1.7.3 <1.8", false],
  ["18.3.1", "^18.0.0 || ^19.0.0", true],
  ["19.2.0", "^18.0.0 || ^19.0.0", true],
  ["17.0.2", "^18.0.0 || ^19.0.0", false],
  ["2.0.0", ">=1.41.0 <2", false],
])("version %s in %s: %s", (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});
