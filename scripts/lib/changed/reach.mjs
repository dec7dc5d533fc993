/** What a changed path can affect, beside the tests that import it. */

/** The projects of vitest whose tests look at more than they import: folders, built code, servers. */
const ALL = ["node", "svelte", "host", "matrix", "browser", "packaging", "types"];

/**
 * The first row that matches counts. `looks` are projects in which a test that reads files or runs programs may depend on
 * the path; tests that import it run anyway. A path without a row can affect everything, as package.json and crates do.
 */
const ROWS = [
  // What the code generator writes from Rust, which is compared with it.
  { path: /^(convex\/schema|js\/adapter\/native-indexes|js\/wasm\/protocol)\.ts$/ },
  { path: /^crates\/[^/]+\/tests\//, looks: ["node"], rust: true },
  { path: /^tests\/.*\.test\.tsx?$/, looks: [] },
  { path: /^tests\/(docs|ssr)\//, looks: ["node", "svelte", "types"] },
  {
    path: /^tests\/(adapter|boundary|client|component|plugins|scripts|structure|surface)\//,
    looks: ["node", "svelte"],
  },
  { path: /^tests\/types\//, looks: ["node", "types"] },
  { path: /^tests\/svelte\//, looks: ["svelte"] },
  { path: /^tests\/matrix\//, looks: ["node", "matrix"] },
  { path: /^tests\/packaging\//, looks: ["node", "packaging"] },
  { path: /^tests\/(bench|browser|cli|e2e|host|support)\//, looks: ALL },
  { path: /^docs\/plugins/, looks: ["node", "matrix", "packaging", "types"] },
  { path: /^(docs\/|(README|CHANGELOG)\.md$|llms\.txt$)/, looks: ["node", "packaging", "types"] },
  // Apps of their own, and what frameworks' pages alone load: the matrix has no pages.
  { path: /^examples\//, looks: ["node", "host", "browser", "packaging", "types"] },
  {
    path: /^js\/(cli|expo|nextjs|react|ssr|svelte|sveltekit|tanstack-start)\//,
    looks: ALL.filter((project) => project !== "matrix"),
  },
  { path: /^(convex|js)\//, looks: ALL },
];

/** What the path can affect: projects with tests that look around, whether Rust's own tests; undefined is everything. */
export function reachOf(path) {
  const row = ROWS.find((each) => each.path.test(path));
  if (row?.looks === undefined) return undefined;
  return { looks: row.looks, rust: row.rust ?? false };
}
