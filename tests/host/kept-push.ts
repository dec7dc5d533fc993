/** Push requests that several files of one test run need: each is made once. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createHash, randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PushRequest } from "./push-request.js";
import { bundleApp, parsePushRequest } from "./push-request.js";

const kept = fileURLToPath(new URL("../output/push", import.meta.url));

/**
 * The push request of an app whose files stay as they are while tests run, such as an example. It is kept for the run
 * that vitest's configuration names in `TEST_RUN`, and made anew by the next.
 */
export async function bundleOnce(project: string): Promise<PushRequest> {
  const run = process.env["TEST_RUN"];
  if (run === undefined) return bundleApp(project);
  const name = createHash("sha256").update(resolve(project)).digest("hex");
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
