/** What must stay right whatever else is in `plugins`. */
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MatrixDeployment } from "./deployment.js";
import { startMatrix } from "./deployment.js";
import type { MatrixPlugin, Party, Tools } from "./plugin.js";
import type { Choice } from "./server-set.js";

interface Endpoint {
  method: string;
  path: string;
}

/** One deployment with the server halves of some plugins, and their outside parties. */
export interface Together {
  choose(choice: Choice): Promise<void>;
  /** Signs up, reads the session, gets and verifies a token, signs out; all as without any other plugin. */
  checkSession(): Promise<void>;
  tools(): Tools;
  /** For each choice the addresses of all endpoints, parameters without their names. */
  endpoints(choices: Choice[]): Promise<string[][]>;
}

/** Starts such a deployment before the tests of the file and closes it afterwards. */
export function useTogether(bundle: string, plugins: readonly MatrixPlugin[]): Together {
  let matrix: MatrixDeployment;
  const parties: Party[] = [];
  let env: Record<string, string> = {};
  beforeAll(async () => {
    matrix = await startMatrix(
      bundle,
      plugins.map(({ name }) => name),
    );
    for (const { party } of plugins) {
      if (!party) continue;
      const opened = await party(matrix.host);
      parties.push(opened);
      env = { ...env, ...opened.env };
      for (const [origin, url] of Object.entries(opened.standsFor ?? {}))
        matrix.standIns.set(origin, url);
    }
  }, 120_000);
  afterAll(async () => {
    for (const party of parties) await party.close();
    // Not there when it could not start, which is an error of its own.
    await (matrix as MatrixDeployment | undefined)?.close();
  });
  const choose: Together["choose"] = (choice) => matrix.choose(choice, env);
  return {
    choose,
    checkSession: () => checkSession(matrix),
    tools: () => matrix.tools,
    async endpoints(choices) {
      await choose({ sets: [] });
      const all = (await matrix.tools.action("tables:endpoints", { choices })) as Endpoint[][];
      return all.map((each) =>
        each.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":")}`),
      );
    },
  };
}

/** Defines, for each plugin, the tests of `[convex(), plugin]` and `[plugin, convex()]`. */
export function runPairs(bundle: string, plugins: readonly MatrixPlugin[]): void {
  const together = useTogether(bundle, plugins);
  const { endpoints } = together;
  describe.each(plugins.map((plugin) => plugin.name))("beside %s", (name) => {
    it("no endpoint is shadowed", async () => {
      const [alone = [], theirs = [], ...pairs] = await endpoints([
        { sets: [] },
        { sets: [name], convex: "none" },
        { sets: [name], convex: "first" },
        { sets: [name], convex: "last" },
      ]);
      const ours = alone.filter(isOurs);
      expect(ours).toContain("GET /convex/token");
      expect(pairs.map((pair) => shadowed(pair, [...ours, ...theirs]))).toEqual([[], []]);
    });

    it.each([
      ["convex() first", { convex: "first" }],
      ["convex() last", { convex: "last" }],
      ["convex() and crossDomain() last", { convex: "last", twoOrigins: true }],
    ] as const)("sessions and tokens are right, %s", async (_, choice) => {
      await together.choose({ sets: [name], ...choice });
      await together.checkSession();
    });
  });
}

async function checkSession({ tools, host }: MatrixDeployment): Promise<void> {
  const browser = tools.browser();
  const email = `${tools.unique("pair")}@example.com`;
  const headers = { "x-captcha-response": "human" };
  const account = { email, password: "correct horse battery", name: "Ada" };
  const signUp = await browser.post("/sign-up/email", account, { headers });
  expect(signUp.text).toContain(email);
  // A tab keeps none: no server would read it there.
  const isTab = tools.site !== host.siteUrl;
  const jwt = browser.cookies.get("better-auth.convex_jwt");
  expect(jwt).toEqual(isTab ? undefined : expect.stringMatching(/^[^.]+\.[^.]+\.[^.]+$/));
  const session = await browser.get("/get-session");
  expect(session.body.user.email).toBe(email);
  const token = (await browser.get("/convex/token")).body.token as string;
  const keys = (await browser.get("/convex/jwks")).body;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    issuer: host.siteUrl,
    audience: "convex",
    algorithms: ["RS256"],
  });
  expect(payload).toMatchObject({ sub: signUp.body.user.id, sessionId: session.body.session.id });
  expect((await browser.post("/sign-out")).body).toEqual({ success: true });
  expect(browser.cookies.has("better-auth.convex_jwt")).toBe(false);
  expect((await browser.get("/convex/token")).status).toBe(401);
}

/** Addresses that two endpoints have, and expected ones that nobody has. */
export function shadowed(all: readonly string[], expected: readonly string[]): string[] {
  return [
    ...all.filter((each, index) => all.indexOf(each) !== index).map((each) => `${each} twice`),
    ...expected.filter((each) => !all.includes(each)).map((each) => `${each} is gone`),
  ];
}

/** Whether an address is one of `convex()`. */
export const isOurs = (each: string): boolean => / \/convex\//.test(each);
