/** `npx convex-gate import`, as a developer runs it in the app's folder. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportReport } from "../../../js/cli/import/report.js";
import type { SourceName } from "../../../js/cli/import/source.js";
import type { Host } from "../../host/index.js";

const program = join(process.cwd(), "dist/js/cli/main.js");

/** What came of it. */
export interface Imported {
  readonly code: number;
  readonly out: string;
  readonly report: ImportReport;
}

/** Imports into the host, which is the deployment of the app in the folder. */
export async function importInto(
  host: Host,
  folder: string,
  from: SourceName,
  path: string,
  ...options: string[]
): Promise<Imported> {
  writeFileSync(
    join(folder, ".env.local"),
    `CONVEX_SELF_HOSTED_URL=${host.url}\nCONVEX_SELF_HOSTED_ADMIN_KEY='${host.adminKey}'\n`,
  );
  const args = ["import", "--from", from, "--file", path, "--yes", ...options];
  const env = { PATH: process.env["PATH"] };
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
  const text = readFileSync(join(folder, "convex-gate-import.json"), "utf8");
  return { code, out, report: JSON.parse(text) as ImportReport };
}
