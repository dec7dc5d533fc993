/** Push requests that several files of one test run need: each is made once. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { onceARun } from "../support/once-a-run.js";
import type { PushRequest } from "./push-request.js";
import { bundleApp, parsePushRequest } from "./push-request.js";

/** The push request of an app whose files stay as they are while tests run, such as an example. */
export function bundleOnce(project: string): Promise<PushRequest> {
  return once(project, resolve(project));
}

/**
 * The push request of a copy that a test made for itself: copies side by side with the same files share one. What a copy
 * imports from elsewhere, such as the package, must stay as it is while tests run.
 */
export async function bundleCopy(project: string): Promise<PushRequest> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project, join(entry.parentPath, entry.name)))
    // `package.json` holds the name of the copy, and says the same of every one otherwise.
    .filter((path) => path !== "package.json" && !path.startsWith("node_modules"));
  const files = await Promise.all(
    paths.sort().map(async (path) => [path, await readFile(join(project, path), "base64")]),
  );
  return once(project, JSON.stringify([dirname(resolve(project)), files]));
}

async function once(project: string, identity: string): Promise<PushRequest> {
  if (process.env["TEST_RUN"] === undefined) return bundleApp(project);
  const name = createHash("sha256").update(identity).digest("hex");
  const file = await onceARun(`push-${name}.json`, async (path) =>
    writeFile(path, JSON.stringify(await bundleApp(project))),
  );
  return parsePushRequest(await readFile(file, "utf8"));
}
