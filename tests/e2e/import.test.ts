/**
 * The import command on the local host, which keeps Convex's limits of reads, writes, ranges and bytes. With
 * `IMPORT_USERS=100000` as many users are imported as somebody may bring; otherwise fewer, in as many pages as show the same.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deploymentAt } from "../../js/cli/import/deployment.js";
import type { ImportReport } from "../../js/cli/import/report.js";
import { beginJournal } from "../../js/cli/import/journal.js";
import { MOST_ROWS, runImport } from "../../js/cli/import/run.js";
import type { PageFigures } from "../../js/cli/import/run.js";
import type { SourceRow } from "../../js/cli/import/source.js";
import { createTally } from "../../js/cli/import/tally.js";
import { credential, folderOf, sourceOf, user } from "../cli/import/support/export.js";
import { PASSWORD, startSessionsApp } from "./sessions-app.js";
import type { SessionsApp } from "./sessions-app.js";

const USERS = Number(process.env["IMPORT_USERS"] ?? 1_000);
const program = fileURLToPath(new URL("../../dist/js/cli/main.js", import.meta.url));

let app: SessionsApp;
beforeAll(async () => {
  app = await startSessionsApp("e2e-import");
});
afterAll(() => app.close());

/** Runs the command in a folder of its own, and sends it SIGINT once `isDue`. */
function command(
  args: string[],
  cwd: string,
  isDue: () => boolean = () => false,
): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, "import", "--from", "better-auth", ...args], {
      cwd,
      env: {
        CONVEX_SELF_HOSTED_URL: app.host.url,
        CONVEX_SELF_HOSTED_ADMIN_KEY: app.host.adminKey,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => (out += text.toString()));
    const watch = setInterval(() => {
      if (!isDue()) return;
      clearInterval(watch);
      child.kill("SIGINT");
    }, 5);
    child.on("close", (code) => {
      clearInterval(watch);
      resolve({ code, out });
    });
  });
}

function reportIn(folder: string): ImportReport {
  return JSON.parse(readFileSync(join(folder, "convex-gate-import.json"), "utf8")) as ImportReport;
}

it("says what would be done, does it, and lets people in", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "import-"));
  const file = folderOf({
    user: [user("ada"), user("grace"), user("twin", { email: "Ada@example.com" })],
    account: ["ada", "grace", "twin"].map((id) => credential(id, { password: PASSWORD })),
  });
  const missing = await command(["--file", file, "--function", "auth:nothing"], cwd);
  expect(missing).toMatchObject({ code: 1, out: expect.stringContaining("IMPORT_FUNCTION") });
  const away = await command(["--file", `${file}-not`], cwd);
  expect(away).toMatchObject({ code: 1, out: expect.stringContaining("IMPORT_FILE") });

  const dry = await command(["--file", file, "--dry-run"], cwd);
  expect(dry.out).toContain("user: 2 would be created, 0 there already, 1 left out");
  expect(existsSync(join(cwd, "convex-gate-import.json.state"))).toBe(false);
  const planned = reportIn(cwd);

  const real = await command(["--file", file], cwd);
  expect(real.code).toBe(1);
  expect(reportIn(cwd)).toEqual({ ...planned, dryRun: false });
  expect(existsSync(join(cwd, "convex-gate-import.json.state"))).toBe(false);
  await app.signIn("ada@example.com");

  // People are there now.
  const refused = await command(["--file", file], cwd);
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("IMPORT_REFUSED") });
  const again = await command(["--file", file, "--yes"], cwd);
  expect(again.out).toContain("user: 0 created, 2 there already, 1 left out");
  expect(real.out + again.out + JSON.stringify(reportIn(cwd))).not.toMatch(/Ada@|correct horse/);
});

it("stops after a page when it is told to, and goes on", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "import-"));
  const ids = Array.from({ length: 3 * MOST_ROWS }, (_each, index) => `stopped-${String(index)}`);
  const file = folderOf({ user: ids.map((id) => user(id)) });
  app.host.metrics.reset();
  const args = ["--file", file, "--yes"];
  // Once the first of three pages is on its way.
  const first = await command(args, cwd, () =>
    app.host.metrics.snapshot().calls.some((call) => call.function === "imports:page"),
  );
  expect(first.code).toBe(1);
  expect(first.out).toContain("--resume");
  expect(reportIn(cwd).complete).toBe(false);

  const second = await command([...args, "--resume"], cwd);
  expect(second.code).toBe(0);
  expect(reportIn(cwd)).toMatchObject({
    complete: true,
    counts: { user: { created: ids.length, unchanged: 0, refused: 0 } },
  });
});

it.each([
  ["with their accounts", 2],
  ["table after table, so that all of a page is beside what is stored", 3],
])(
  "brings many users in one run, %s, and no page meets a limit",
  async (how, tables) => {
    const run = `bulk${String(tables)}-`;
    const ids = Array.from(
      { length: USERS },
      (_each, index) => run + String(index).padStart(26, "0"),
    );
    const users = ids.map((id) => ({ model: "user", row: user(id) }));
    const accounts = ids.map((id) => ({ model: "account", row: credential(id) }));
    const sessions = ids.map((userId) => ({ model: "session", row: session(userId) }));
    const records =
      tables === 2
        ? users.map((each, at) => ({ rows: [each, ...accounts.slice(at, at + 1)] }))
        : [...users, ...accounts, ...sessions].map((each) => ({ rows: [each] }));
    const journal = await beginJournal(join(mkdtempSync(join(tmpdir(), "import-")), "state"), {
      source: "better-auth",
      fingerprint: "",
      deployment: app.host.url,
      run,
    });
    const tally = createTally();
    const pages: PageFigures[] = [];
    const begun = performance.now();
    app.host.metrics.reset();
    const done = await runImport({
      source: sourceOf(records),
      deployment: deploymentAt({ url: app.host.url, key: app.host.adminKey }, "auth:importPage"),
      tally,
      journal,
      progress: (page) => {
        pages.push(page);
      },
    });
    const seconds = (performance.now() - begun) / 1000;
    expect(done).toBe(true);
    const all = { created: USERS, unchanged: 0, refused: 0 };
    expect(tally.counts).toEqual({
      user: all,
      account: all,
      ...(tables === 3 && { session: all }),
    });
    // None was sent twice, in halves.
    const rows = tables * USERS;
    expect(pages.map((page) => page.rows)).toEqual(
      Array.from({ length: Math.ceil(rows / MOST_ROWS) }, (_each, at) =>
        Math.min(MOST_ROWS, rows - at * MOST_ROWS),
      ),
    );
    const calls = app.host.metrics.snapshot().componentCalls;
    expect(calls.map((call) => call.function)).toEqual(pages.map(() => "imports:page"));
    console.log(
      `${String(USERS)} users ${how}: ${seconds.toFixed(1)} s, ${String(pages.length)} pages of ${String(MOST_ROWS)} rows, ` +
        `largest ${String(Math.max(...pages.map(({ bytes }) => bytes)))} bytes, ` +
        `at most ${String(Math.max(...calls.map(({ documentsRead }) => documentsRead)))} documents read in a page`,
    );
  },
  3_600_000,
);

function session(userId: string): SourceRow {
  return {
    id: `session-${userId}`,
    userId,
    token: `token-${userId}`,
    expiresAt: 4_000_000_000_000,
    createdAt: 1,
    updatedAt: 1,
  };
}
