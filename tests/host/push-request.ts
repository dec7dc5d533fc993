/** The push request of the real Convex CLI: exactly what a deployment would receive, written offline. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** One bundled module. `path` is relative to its app or component. */
export interface BundledModule {
  path: string;
  source: string;
  environment: string;
}

/** The bundle of one installed component. */
export interface BundledComponent {
  definitionPath: string;
  definition: BundledModule;
  schema: BundledModule | null;
  functions: BundledModule[];
}

/** The part of the CLI's push request that the host reads. */
export interface PushRequest {
  appDefinition: {
    definition: BundledModule | null;
    schema: BundledModule | null;
    changedModules: BundledModule[];
  };
  componentDefinitions: BundledComponent[];
}

const run = promisify(execFile);

/** Bundles the app in the folder `project` with the Convex CLI that is installed there. Needs no network. */
export async function bundleApp(project: string): Promise<PushRequest> {
  const projectDirectory = resolve(project);
  const cli = createRequire(join(projectDirectory, "package.json")).resolve("convex/package.json");
  const scratch = await mkdtemp(join(tmpdir(), "convex-gate-push-"));
  const output = join(scratch, "request");
  const flags = ["--push-all-modules", "--codegen", "disable", "--typecheck", "disable"];
  // Nothing listens there: the request is written to a file instead of being sent.
  const target = ["--url", "http://127.0.0.1:9", "--admin-key", "unused"];
  try {
    await run(
      process.execPath,
      [join(cli, "../bin/main.js"), "deploy", ...target, ...flags, "--write-push-request", output],
      { cwd: projectDirectory, env: { ...process.env, NODE_OPTIONS: "" } },
    );
    return parsePushRequest(await readFile(`${output}.json`, "utf8"));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Reads the text of a push request. */
export function parsePushRequest(text: string): PushRequest {
  const request = JSON.parse(text) as PushRequest;
  if (!Array.isArray(request.appDefinition?.changedModules)) {
    throw new Error(
      "not a push request of the Convex CLI: appDefinition.changedModules is missing",
    );
  }
  return request;
}
