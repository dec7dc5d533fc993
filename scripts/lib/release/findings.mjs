/** What stands against a release, from facts that were gathered elsewhere. Pure: no files, no programs. */

/** The text of a version's section in the changelog, without its heading; undefined where it has none. */
export function changelogSection(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/[\s\n]/, 1)[0] === version);
  return section?.slice(section.indexOf("\n")).trim();
}

/** What a tarball must have. */
export const NEEDED = [
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "llms.txt",
  "dist/js/server/index.js",
  "dist/convex/convex.config.js",
  "dist/js/wasm/generated/core-bytes.js",
];
/** What nobody must be sent. */
const UNWANTED =
  /(^|\/)(\.env[^/]*|.*\.pem|.*\.key|node_modules|target|tests|examples|crates)(\/|$)|\.test\.[jt]sx?$|\.tsbuildinfo$/;

/** What is wrong with the files of a tarball, given their paths. */
export function tarballFindings(paths) {
  const missing = NEEDED.filter((path) => !paths.includes(path));
  const unwanted = paths.filter((path) => UNWANTED.test(path));
  return [
    ...missing.map((path) => `the tarball lacks ${path}`),
    ...unwanted.map((path) => `the tarball has ${path}, which is nobody's business`),
  ];
}

/**
 * What is wrong with the tree and the manifest. `changes` are the lines of `git status`, `published` the versions that the
 * registry has, undefined where it could not be asked.
 */
export function treeFindings({ manifest, lock, changelog, changes, published }) {
  const { version } = manifest;
  return [
    changes.length > 0 &&
      `${String(changes.length)} files are not committed: commit or remove them`,
    lock.version !== version &&
      `package-lock.json is of ${lock.version}: run npm install --package-lock-only`,
    !changelogSection(changelog, version) &&
      `CHANGELOG.md has no section "## ${version}": name what is unreleased so`,
    published?.includes(version) && `${version} is published already: choose the next version`,
  ].filter(Boolean);
}

/** What npm needs to attest where a package was built, and is not there: https://docs.npmjs.com/generating-provenance-statements */
export function provenanceFindings({ manifest, env }) {
  const inCi = Boolean(
    env.ACTIONS_ID_TOKEN_REQUEST_URL || env.SIGSTORE_ID_TOKEN || env.NPM_ID_TOKEN,
  );
  return [
    !manifest.repository &&
      "package.json names no repository, which npm compares with the builder's",
    !inCi && "no identity token of a CI: only a build there can be attested",
  ].filter(Boolean);
}
