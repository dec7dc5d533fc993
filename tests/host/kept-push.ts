/** Push requests that several files of one test run need: each is made once. */
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createHash, randomUUID } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PushRequest } from "./push-request.js";
import { bundleApp, parsePushRequest } from "./push-request.js";

const kept = fileURLToPath(new URL("../output/push", import.meta.url));

/**
 * The push request of an app whose files stay as they are while tests run, such as an example. It is kept for the run
 * that vitest's configuration names in `TEST_RUN`, and made anew by the next.
 */
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
  const run = process.env["TEST_RUN"];
  if (run === undefined) return bundleApp(project);
  const name = createHash("sha256").update(identity).digest("hex");
  const file = join(kept, run, `${name}.json`);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text !== null) return parsePushRequest(text);
  const request = await bundleApp(project);
  // Two workers may make the same at once: a file that is there is whole.
  const unfinished = `${file}.${randomUUID()}`;
  await mkdir(join(kept, run), { recursive: true });
  await writeFile(unfinished, JSON.stringify(request));
  await rename(unfinished, file);
  return request;
}
