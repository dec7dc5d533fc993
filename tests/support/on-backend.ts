/** On a real backend (`CONVEX_LOCAL_BACKEND`), leaves out the tests that `tests/host/on-backend.ts` names, with its reasons. */
import { beforeEach } from "vitest";
import type { RunnerTask } from "vitest";

if (process.env["CONVEX_LOCAL_BACKEND"] !== undefined) {
  const { reasonFor } = await import("../host/on-backend.js");
  beforeEach(({ task, skip }) => {
    const reason = reasonFor(task.file.filepath, nameOf(task));
    if (reason !== undefined) skip(reason);
  });
}

function nameOf(task: RunnerTask): string {
  const { suite, name } = task;
  return suite ? `${nameOf(suite)} > ${name}` : name;
}
