/** `doctor` with the real Convex CLI and a deployment that answers it: the local host, on which the app was pushed. */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Host } from "../host/index.js";
import { bundleApp } from "../host/index.js";
import { startLocalDeployment } from "./local-deployment.js";
import { stageApp } from "./stage-app.js";
import { newKeySet } from "../../js/cli/keys.js";

const ORIGIN = "http://localhost:5173";
const program = fileURLToPath(new URL("../../dist/js/cli/main.js", import.meta.url));
let folder: string;
let host: Host;

beforeAll(async () => {
  folder = await stageApp(
    fileURLToPath(new URL("../browser/fixture", import.meta.url)),
    "e2e-doctor",
  );
  host = await startLocalDeployment({ pushRequest: await bundleApp(folder), origin: ORIGIN });
  // What `npx convex dev` writes, for a backend of one's own.
  await writeFile(
    join(folder, ".env.local"),
    `CONVEX_SELF_HOSTED_URL=${host.url}
CONVEX_SELF_HOSTED_ADMIN_KEY='${host.adminKey}'
VITE_CONVEX_URL=${host.url}
VITE_CONVEX_SITE_URL=${host.siteUrl}
`,
  );
  // It is read here, and not pushed again.
  const config = "export default { providers: [getAuthConfigProvider({ selfHosted: true })] };";
  await writeFile(join(folder, "convex/auth.config.ts"), config);
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs it as a developer does, in the app's folder. `env` is what the shell has. */
function doctor(
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env["PATH"], ...env } };
    execFile(process.execPath, [program, "doctor", ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: out + err }),
    );
  });
}

/** Runs it with other variables on the deployment, which has its own again afterwards. */
async function withVariables(changed: Record<string, string | undefined>) {
  const before = { BETTER_AUTH_SECRET: SECRET, SITE_URL: ORIGIN, BETTER_AUTH_URL: undefined };
  await host.setEnv({ ...before, ...changed });
  const { code, out } = await doctor();
  await host.setEnv({
    ...Object.fromEntries(Object.keys(changed).map((name) => [name, undefined])),
    ...before,
  });
  for (const secret of [SECRET, host.adminKey]) expect(out).not.toContain(secret);
  return {
    code,
    out,
    faults: out.split("\n").filter((line) => /^(error|warning|unseen)/.test(line)),
  };
}
const SECRET = "q8Zk2vW1xR7tB4nM9cD6fG3hJ5lP0sYu";

it("finds no fault with an app that is right, without any option", async () => {
  const { code, out, faults } = await withVariables({});
  expect([code, faults]).toEqual([0, []]);
  expect(out.match(/^ok +\w+/gm)?.map((line) => line.slice(8))).toEqual([
    ...["BETTER_AUTH_SECRET", "BETTER_AUTH_URL", "SITE_URL", "PACKAGES"],
    ...["CONVEX_FILES", "CLIENT", "SELF_HOSTED"],
    ...["BASE_PATH", "ISSUER", "JWKS", "COOKIES", "TRUSTED_ORIGINS", "CORS"],
  ]);
});

it("sees the deployment's variables where a coding agent runs it, and shows none", async () => {
  await host.setEnv({ BETTER_AUTH_SECRET: SECRET });
  const { code, out } = await doctor({ CONVEX_AGENT_MODE: "anonymous" });
  expect([code, out]).toEqual([0, expect.stringContaining("BETTER_AUTH_SECRET: is set and long")]);
  expect(out).not.toContain(SECRET);
});

it("reads a key set and values with signs of their own as they are", async () => {
  const STATIC_JWKS = JSON.stringify(await newKeySet("ES256", 1));
  const { faults, out } = await withVariables({ STATIC_JWKS, ODD: "a #b 'c' \"d\"\nSITE_URL=x" });
  expect(out).toContain("STATIC_JWKS: holds 1 key(s)");
  // It is set, and the app does not pass it on to convex().
  expect(faults).toEqual([expect.stringMatching(/^error {3}JWKS: does not hold/)]);
  expect(out).not.toContain('"d":');
});

const REFUSED = [/^unseen {2}SELF_HOSTED/];

it.each<[string, Record<string, string | undefined>, RegExp[]]>([
  [
    "no secret",
    { BETTER_AUTH_SECRET: undefined },
    [/^error {3}BETTER_AUTH_SECRET: is not set/, ...REFUSED, /^error {3}SETUP: .*openssl rand/],
  ],
  [
    "no SITE_URL",
    { SITE_URL: undefined },
    [/^warning SITE_URL: is not set/, ...REFUSED, /^error {3}SETUP: .*env set SITE_URL/],
  ],
  [
    "a SITE_URL with a path",
    { SITE_URL: `${ORIGIN}/app` },
    [/^warning SITE_URL: is more than an origin -> set SITE_URL=http:\/\/localhost:5173$/],
  ],
])("says what is wrong with %s", async (_, changed, expected) => {
  const { faults } = await withVariables(changed);
  expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as string));
});

it("says what it could not see of a deployment that nobody has chosen", async () => {
  await rm(join(folder, ".env.local"));
  const { code, out } = await doctor();
  expect(code).toBe(2);
  expect(out).toContain(
    "unseen  DEPLOYMENT_ENV: the deployment's variables: No CONVEX_DEPLOYMENT set, run `npx convex dev`",
  );
  expect(out).not.toContain("env set");
});
