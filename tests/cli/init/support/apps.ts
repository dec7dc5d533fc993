/** Apps as people have them: made by each framework's own generator, which asks nobody for anything here, or by hand. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const programs = fileURLToPath(new URL("../../../../node_modules/.bin", import.meta.url));

const GENERATORS = {
  vite: ["create-vite", "app", "--template", "react-ts", "--no-interactive"],
  next: [
    ...["create-next-app", "app", "--ts", "--app", "--src-dir", "--no-eslint", "--no-tailwind"],
    ...["--skip-install", "--disable-git", "--yes", "--empty"],
  ],
  sveltekit: [
    ...["sv", "create", "app", "--template", "minimal", "--types", "ts"],
    ...["--no-add-ons", "--no-install"],
  ],
  start: [
    ...["tanstack", "create", "app", "--framework", "React", "--blank", "--no-install", "--no-git"],
    ...["--no-intent", "--non-interactive", "--package-manager", "npm"],
  ],
} as const;

/** A framework that has a generator. */
export type Generator = keyof typeof GENERATORS;

/** The folder of a new app of a framework's generator, within `parent` if that is given. */
export async function generated(framework: Generator, parent?: string): Promise<string> {
  const folder = parent ?? (await emptyFolder());
  const [program, ...args] = GENERATORS[framework];
  const off = ["NEXT_TELEMETRY_DISABLED", "TANSTACK_CLI_TELEMETRY_DISABLED", "DO_NOT_TRACK"];
  const env = { ...process.env, CI: "1", ...Object.fromEntries(off.map((name) => [name, "1"])) };
  await run(process.execPath, [join(programs, program), ...args], { cwd: folder, env });
  return join(folder, "app");
}

/** The folder of an app with these files. */
export async function appWith(files: Readonly<Record<string, string | object>>): Promise<string> {
  const folder = await emptyFolder();
  await writeFiles(folder, files);
  return folder;
}

/** Objects are written as JSON. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | object>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(join(folder, path), text);
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "convex-gate-init-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What `package.json` of an app has, for frameworks by name. */
export function manifest(...packages: string[]): object {
  return { name: "app", dependencies: Object.fromEntries(packages.map((name) => [name, "*"])) };
}
