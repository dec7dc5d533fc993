/** A vitest reporter that writes down which tests passed only when they were tried again. */
import { appendFileSync } from "node:fs";

export default class RetriedReporter {
  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky || process.env.RETRIED_FILE === undefined) return;
    appendFileSync(process.env.RETRIED_FILE, `passed when tried again: ${test.fullName}\n`);
  }
}
