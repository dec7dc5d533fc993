// @vitest-environment node
/** The whole command over files, with a deployment in `convex-test` at the other end. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { jwt } from "better-auth/plugins";
import { oauthProvider } from "@better-auth/oauth-provider";
import { importUsers } from "../../../js/cli/import/index.js";
import type { ImportOptions } from "../../../js/cli/import/index.js";
import type { ImportReport } from "../../../js/cli/import/report.js";
import { MOST_ROWS } from "../../../js/cli/import/run.js";
import { createTestDeployment } from "./support/deployment.js";
import type { TestDeployment } from "./support/deployment.js";
import { folderOf, user } from "./support/export.js";
import type { Rows } from "./support/export.js";
import { serve } from "./support/served.js";
import type { Between, Served } from "./support/served.js";

const served: Served[] = [];
beforeEach(() => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const each of served.splice(0)) each.close();
});

function provider(): TestDeployment {
  return createTestDeployment({
    plugins: [jwt(), oauthProvider({ loginPage: "/sign-in", consentPage: "/consent" })],
  });
}

/** Rows of tables whose names are in no order of their references. */
function rowsOf(users: readonly string[]): Rows {
  const dates = { createdAt: 1, updatedAt: 1 };
  const expiresAt = 4_000_000_000_000;
  const token = { clientId: "client", userId: "ada", sessionId: "s", expiresAt, createdAt: 1 };
  return {
    user: users.map((id) => user(id)),
    session: [{ id: "s", userId: "ada", token: "session", expiresAt, ...dates }],
    oauthClient: [{ id: "c", clientId: "client", redirectUris: ["https://a.example"], ...dates }],
    oauthRefreshToken: [{ id: "r", ...token, token: "refresh", scopes: ["openid"] }],
    oauthAccessToken: [{ id: "a", ...token, token: "access", refreshId: "r", scopes: ["openid"] }],
  };
}

/** A deployment at an address of its own, until the test ends. */
async function atAddress(deployment: TestDeployment, between?: Between): Promise<Served> {
  const each = await serve(deployment, between);
  served.push(each);
  return each;
}

/** Runs it, and gives its exit code and what it reports. */
async function run(
  { env }: Served,
  file: string,
  options: Partial<ImportOptions> = {},
): Promise<{ code: number; report: ImportReport }> {
  const report = options.report ?? join(folderOf({}), "report.json");
  const code = await importUsers(env, {
    from: "better-auth",
    file,
    dryRun: false,
    resume: false,
    prod: false,
    yes: true,
    function: "auth:importPage",
    ...options,
    report,
  });
  return { code, report: JSON.parse(readFileSync(report, "utf8")) as ImportReport };
}

describe("tables that refer to each other", () => {
  it("come in the order of their references, whatever they are called", async () => {
    const deployment = provider();
    const file = folderOf(rowsOf(["ada"]));
    const { code, report } = await run(await atAddress(deployment), file);
    expect(report.issues).toEqual([]);
    expect(code).toBe(0);
    expect(await deployment.rows("oauthAccessToken")).toHaveLength(1);
    const older = await atAddress(deployment, { target: ({ hasUsers }) => ({ hasUsers }) });
    const again = await run(older, file);
    expect(again).toMatchObject({ code: 0, report: { counts: { user: { unchanged: 1 } } } });
  });

  it("go on in the order that the import began with, also where the deployment has another by then", async () => {
    const between: Between = { refuses: (page) => page === 2 };
    const deployment = await atAddress(provider(), between);
    const others = Array.from({ length: MOST_ROWS - 1 }, (_each, at) => `u${String(at)}`);
    const file = folderOf(rowsOf(["ada", ...others]));
    const report = join(folderOf({}), "report.json");
    await expect(run(deployment, file, { report })).rejects.toMatchObject({
      code: "IMPORT_STOPPED",
    });
    between.refuses = () => false;
    between.target = ({ hasUsers, order = [] }) => ({ hasUsers, order: [...order].reverse() });
    const { code, report: said } = await run(deployment, file, { report, resume: true });
    expect(said.issues).toEqual([]);
    expect(code).toBe(0);
    for (const table of ["session", "oauthClient", "oauthRefreshToken", "oauthAccessToken"])
      expect(said.counts[table]).toEqual({ created: 1, unchanged: 0, refused: 0 });
  });
});

it("a report in the folder of the export is refused before anything is read or written", async () => {
  const folder = folderOf({ user: [user("ada")] });
  const deployment = await atAddress(createTestDeployment());
  mkdirSync(join(folder, "deep"));
  const link = join(folderOf({}), "link");
  symlinkSync(folder, link);
  for (const [file, report] of [
    [folder, join(folder, "report.json")],
    [folder, join(folder, "deep/report.json")],
    [folder, join(link, "report.json")],
    [link, join(folder, "..", basename(folder), "report.json")],
  ] as const) {
    await expect(run(deployment, file, { report })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("--report") as string,
    });
    expect([report, `${report}.state`].filter((path) => existsSync(path))).toEqual([]);
  }
  const beside = `${folder}-report.json`;
  expect(await run(deployment, folder, { report: beside })).toMatchObject({ code: 0 });
});
