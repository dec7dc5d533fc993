/** The order of test files: two workers end together when the long files do not begin last. */
import { relative } from "node:path";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Files that take more than their share, by folder, the longest first. Others follow in vitest's own order. */
const LONGEST: readonly string[] = [
  "matrix/core-organizations",
  "matrix/satellites",
  "matrix/core-accounts",
  "matrix/third-party",
  "matrix/federation",
  "matrix/own-names",
  "docs/compile",
  "adapter/search",
  "plugins/keys",
  // Mostly waiting: beside it the other files have a core and a half.
  "browser/renewals",
  "browser/two-origins",
  "browser/ways-in",
  "browser/accessibility",
  "browser/outage",
  "browser/account-pages",
];

/** Begins with the long files. Vitest asks it once for every pool. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return [...others].sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const name = relative(`${import.meta.dirname}/..`, moduleId).replace(/\.test\.tsx?$/, "");
  const place = LONGEST.indexOf(name);
  return place === -1 ? LONGEST.length : place;
}
