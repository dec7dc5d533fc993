/** The order of test files: two workers end together when the long files do not begin last. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Files that take more than their share, by folder, the longest first. Others follow in vitest's own order. */
const LONGEST: readonly string[] = [
  "matrix/satellites",
  "matrix/core-organizations",
  "matrix/pairs-others",
  "matrix/core-accounts",
  "matrix/third-party",
  "matrix/federation",
  "matrix/pairs-core",
  "matrix/own-names",
  "adapter/search",
  "plugins/races",
  "adapter/long-lists",
  "adapter/faults",
  "plugins/doctor-mistakes",
  "adapter/races/losers",
  "plugins/sweep/endpoint-sweep",
  "plugins/keys",
  "browser/init-frameworks",
  "browser/documents",
  "browser/two-origins",
  "browser/better-auth-ui",
  "browser/server-kits/tanstack-start",
  "browser/accessibility",
  "browser/ways-in",
  "browser/session-life",
  "browser/example",
  "browser/server-kits/next",
  "browser/server-kits/sveltekit",
  "browser/init",
  "browser/short-tokens",
  "packaging/package",
];

/** Begins with the long files; those that want a page come together at the end, as a worker is of one environment. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others
      .map((file) => ({ file, environment: environmentOf(file), rank: rank(file) }))
      .sort((a, b) => a.environment.localeCompare(b.environment) || a.rank - b.rank)
      .map(({ file }) => file);
  }
}

/** What the first line of a test file asks for; "" is the environment of most. */
function environmentOf({ moduleId }: TestSpecification): string {
  const asked =
    /^\/\/ @vitest-environment (\S+)/.exec(readFileSync(moduleId, "utf8"))?.[1] ?? "node";
  return asked === "node" ? "" : asked;
}

function rank({ moduleId }: TestSpecification): number {
  const name = relative(`${import.meta.dirname}/..`, moduleId).replace(/\.test\.tsx?$/, "");
  const place = LONGEST.indexOf(name);
  return place === -1 ? LONGEST.length : place;
}
