/**
 * What `doctor` makes of the variables that a deployment has, or does not tell. The Convex CLI is a stand-in here, whose
 * answers are those that tests/e2e/doctor.test.ts has from the real one.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildCli, goodEnv } from "./support/cli.js";
import type { Cli } from "./support/cli.js";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const { BETTER_AUTH_SECRET, BETTER_AUTH_URL, SITE_URL, ...frontend } = goodEnv;
const onDeployment = { BETTER_AUTH_SECRET, BETTER_AUTH_URL, SITE_URL };
/** Reserved, so nobody answers there (RFC 6761). */
const NOWHERE = "https://convex-gate-doctor.invalid";

/** A CLI that has these variables, and keeps its arguments. */
beforeEach(() =>
  cli.installConvex(`
    const { LISTED, TOLD_URL, COMPLAINT, NAMES_ONLY } = process.env;
    require("node:fs").appendFileSync("calls.jsonl", JSON.stringify(args) + "\\n");
    if (COMPLAINT) { console.error(COMPLAINT); process.exit(1); }
    if (args[0] === "function-spec") console.log(JSON.stringify({ url: TOLD_URL, functions: [] }, null, 2));
    else if (NAMES_ONLY && !args.includes("--include-values")) console.log(LISTED.replace(/=.*$/gm, ""));
    else console.log(LISTED);`),
);

const dotenv = (variables: Record<string, string>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");

/** All lines but those about the site, which is nowhere. */
async function doctor(
  deployment: Record<string, string>,
  env: Record<string, string> = {},
  args: string[] = ["--site-url", NOWHERE],
) {
  const all = { ...frontend, LISTED: dotenv(deployment), ...env };
  const { out, err } = await cli.run(["doctor", ...args], { env: all });
  const lines = out.trim().split("\n");
  expect(out + err).not.toContain(BETTER_AUTH_SECRET);
  return {
    out,
    faults: lines.filter(
      (line) => !line.startsWith("ok ") && !line.startsWith("error   DEPLOYMENT: "),
    ),
  };
}

describe("the deployment's variables", () => {
  it("are asked for without being told to, and a set-up that is right has no fault", async () => {
    expect((await doctor(onDeployment)).faults).toEqual([]);
    const { BETTER_AUTH_URL: _, ...byDefault } = onDeployment;
    const { out, faults } = await doctor(byDefault);
    expect([faults, out]).toEqual([
      [],
      expect.stringContaining("is not set: it is CONVEX_SITE_URL"),
    ]);
  });

  it("count, and not what is called the same here", async () => {
    const here = { BETTER_AUTH_SECRET: "short", SITE_URL: "here", STATIC_JWKS: "[" };
    expect((await doctor(onDeployment, here)).faults).toEqual([]);
    expect((await doctor({ SITE_URL }, onDeployment)).faults).toEqual([
      'error   BETTER_AUTH_SECRET: is set here only, where the deployment does not see it -> npx convex env set BETTER_AUTH_SECRET "$(openssl rand -base64 32)"',
    ]);
  });

  it("that are missing are told with the command that sets them, on the right deployment", async () => {
    const missing = [
      expect.stringMatching(
        /^error {3}BETTER_AUTH_SECRET: is not set -> npx convex env set BETTER/,
      ),
      expect.stringMatching(/^warning SITE_URL: is not set.* -> npx convex env set SITE_URL http:/),
    ];
    expect((await doctor({})).faults).toEqual(missing);
    const inProduction = await doctor({}, {}, ["--prod", "--site-url", NOWHERE]);
    expect(inProduction.faults).toEqual([
      expect.stringContaining("-> npx convex env set --prod BETTER_AUTH_SECRET"),
      expect.stringContaining("-> npx convex env set --prod SITE_URL https://app.example.com"),
    ]);
  });

  it("of an app on one origin do without SITE_URL", async () => {
    const { out, faults } = await doctor({ BETTER_AUTH_SECRET, BETTER_AUTH_URL: SITE_URL });
    expect([faults, out]).toEqual([
      [],
      expect.stringContaining(
        `SITE_URL: is not needed: the app is at BETTER_AUTH_URL (${SITE_URL})`,
      ),
    ]);
  });

  it.each([
    [{ BETTER_AUTH_SECRET: "short" }, /is shorter than 32/],
    [{ BETTER_AUTH_SECRET: "ab".repeat(20) }, /repeats few characters/],
  ])("never lead to the advice to replace a secret in use: %j", async (change, fault) => {
    const { faults } = await doctor({ ...onDeployment, ...change });
    expect(faults).toEqual([expect.stringMatching(fault)]);
    expect(faults[0]).toContain("-> keep it and put one before it");
    expect(faults[0]).not.toMatch(/env set BETTER_AUTH_SECRET /);
    const versioned = { ...onDeployment, BETTER_AUTH_SECRETS: `2:${Object.values(change)[0]}` };
    expect((await doctor(versioned)).faults[0]).toContain("-> put a new version in front of");
  });

  it("are all read where the CLI gives names alone, and none is shown", async () => {
    expect((await doctor(onDeployment, { NAMES_ONLY: "1" })).faults).toEqual([]);
  });

  it("of production are asked for, and compared with nothing of development", async () => {
    const production = {
      ...onDeployment,
      BETTER_AUTH_URL: "https://calm-animal-3.convex.site",
      SITE_URL: "https://app.example.com",
    };
    expect((await doctor(production, {}, ["--prod", "--site-url", NOWHERE])).faults).toEqual([]);
    const TOLD_URL = "https://calm-animal-3.convex.cloud";
    const { out } = await doctor(production, { TOLD_URL }, ["--prod"]);
    expect(out).toContain("https://calm-animal-3.convex.site/api/auth/convex/.well-known");
  });
});

describe("what could not be seen", () => {
  const NO_PROJECT =
    "✖ No CONVEX_DEPLOYMENT set, run `npx convex dev` to configure a Convex project";
  const withoutAddress = { VITE_CONVEX_URL: "", VITE_CONVEX_SITE_URL: "" };

  it("is said, with the CLI's reason, and is neither a fault nor advice to set it", async () => {
    const { faults, out } = await doctor({}, { COMPLAINT: NO_PROJECT });
    expect(faults).toEqual([
      "unseen  DEPLOYMENT_ENV: the deployment's variables: No CONVEX_DEPLOYMENT set, run `npx convex dev` to configure a " +
        "Convex project; not looked at: BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS, AUTH_SECRET, BETTER_AUTH_URL, SITE_URL, " +
        "STATIC_JWKS -> run `npx convex dev` in the folder of package.json, which chooses a deployment",
    ]);
    expect(out).not.toContain("env set");
  });

  it("is an error where that is asked for", async () => {
    const args = ["--deployment", "--site-url", NOWHERE];
    expect((await doctor({}, { COMPLAINT: NO_PROJECT }, args)).faults).toEqual([
      expect.stringMatching(/^error {3}DEPLOYMENT_ENV: /),
    ]);
  });

  it("is the whole deployment where its address is not known", async () => {
    const { faults } = await doctor({}, { COMPLAINT: NO_PROJECT, ...withoutAddress }, []);
    expect(faults[1]).toBe(
      "unseen  DEPLOYMENT: was not asked, for want of its address -> give --site-url",
    );
  });

  it("is all of it with --offline, which asks nobody", async () => {
    const { faults } = await doctor(onDeployment, {}, ["--offline"]);
    expect(faults.map((line) => line.slice(0, 30))).toEqual([
      "unseen  DEPLOYMENT_ENV: the de",
      "unseen  DEPLOYMENT: was not as",
    ]);
  });
});
