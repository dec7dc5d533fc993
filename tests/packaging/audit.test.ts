/** `npm run audit` before stand-ins for npm and cargo, which print what the real ones print. */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "convex-gate-audit-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the audit with programs of these names that print these texts and end with these codes. */
async function audit(programs: Record<string, [text: string, code: number]>) {
  for (const [name, [text, code]] of Object.entries(programs)) {
    const script = `process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${String(code)};`;
    const file = join(folder, name);
    await writeFile(`${file}.cjs`, script);
    await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${file}.cjs"\n`);
    await chmod(file, 0o755);
  }
  const path = [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
  const child = spawn(process.execPath, ["scripts/audit.mjs"], {
    cwd: repository,
    env: { PATH: path },
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, out: Buffer.concat(chunks).toString("utf8") };
}

const clean: [string, number] = [JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} }), 0];
const packed: [string, number] = ["   Packaging audited v0.0.0\n    Packaged 4 files\n", 0];
const advisory = (severity: string) => ({
  severity,
  title: "Prototype pollution\u001b[2J",
  url: "https://example.com/GHSA-1",
});
const npmReport = (severity: string): [string, number] => [
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      inner: { name: "inner", severity, via: [advisory(severity)] },
      outer: { name: "outer", severity, via: ["inner"] },
    },
  }),
  1,
];

it("is content where nothing is found, and says what it could not check", async () => {
  const { code, out } = await audit({ npm: clean, cargo: packed });
  expect(code).toBe(0);
  expect(out).toContain("npm, advisories: nothing found");
  expect(out).toMatch(/crates, yanked versions: nothing found in \d{3} crates/);
  expect(out).toContain("RustSec's advisories: NOT CHECKED");
  expect(out).toContain("0 found, 0 of them high or worse; 1 of 3 checks could not be made");
});

it.each([
  ["moderate", 0],
  ["high", 1],
  ["critical", 1],
])("an advisory of severity %s ends with %d, named once", async (severity, code) => {
  const told = await audit({ npm: npmReport(severity), cargo: packed });
  expect(told.code).toBe(code);
  expect(told.out.split("\n").filter((line) => line.startsWith(`    ${severity}: `))).toEqual([
    `    ${severity}: inner: Prototype pollution [2J (https://example.com/GHSA-1)`,
  ]);
});

it("a withdrawn crate and an advisory of RustSec are found", async () => {
  const warning =
    "warning: package `futures-util v0.3.30` in Cargo.lock is yanked in registry `crates-io`, consider updating\n";
  const list = [
    {
      advisory: { id: "RUSTSEC-2026-0001", title: "Unsound" },
      package: { name: "futures-util", version: "0.3.30" },
    },
  ];
  const { code, out } = await audit({
    npm: clean,
    cargo: [warning, 0],
    "cargo-audit": [JSON.stringify({ vulnerabilities: { found: true, count: 1, list } }), 1],
  });
  expect(code).toBe(1);
  expect(out).toContain(
    "high: futures-util v0.3.30 is yanked: cargo update -p futures-util@0.3.30",
  );
  expect(out).toContain("high: futures-util 0.3.30: RUSTSEC-2026-0001 Unsound");
  expect(out).toContain("2 found, 2 of them high or worse; 0 of 3 checks could not be made");
});

it.each([
  [{ message: "405 Method Not Allowed" }, "NOT CHECKED: 405 Method Not Allowed"],
  [{ error: { code: "ENOTFOUND", summary: "no network" } }, "NOT CHECKED: no network"],
  ["not JSON", "NOT CHECKED: npm gave no report"],
])("a registry that gives no report is no clean report: %j", async (answer, line) => {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  const { out } = await audit({
    npm: [text, 1],
    cargo: ["error: failed to download from the registry\n", 101],
  });
  expect(out).toContain(line);
  expect(out).toContain("yanked versions: NOT CHECKED: failed to download from the registry");
  expect(out).toContain("3 of 3 checks could not be made");
});
