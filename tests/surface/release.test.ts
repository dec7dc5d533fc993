/** What stands against a release: each fault is found, and a sound one has none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const { NEEDED, changelogSection, provenanceFindings, tarballFindings, treeFindings } =
  (await import(pathToFileURL(join(repository, "scripts/lib/release/findings.mjs")).href)) as {
    NEEDED: readonly string[];
    changelogSection(changelog: string, version: string): string | undefined;
    tarballFindings(paths: string[]): string[];
    treeFindings(facts: Record<string, unknown>): string[];
    provenanceFindings(facts: Record<string, unknown>): string[];
  };

const { versionsIn } = (await import(
  pathToFileURL(join(repository, "scripts/lib/release/published.mjs")).href
)) as { versionsIn(output: string): string[] | undefined };

const changelog = "# Changelog\n\n## 1.2.0\n\n- one\n\n### Fixed\n\n- two\n\n## 1.1.0\n\n- old\n";

describe("a section of the changelog", () => {
  it("is what stands under the version, to the next one", () => {
    expect(changelogSection(changelog, "1.2.0")).toBe("- one\n\n### Fixed\n\n- two");
    expect(changelogSection(changelog, "1.1.0")).toBe("- old");
  });

  it("is of that version only", () => {
    expect(changelogSection(changelog, "1.2")).toBeUndefined();
    expect(changelogSection(changelog, "1.2.0-rc.1")).toBeUndefined();
  });

  it("of this version is there", () => {
    const read = (path: string): string => readFileSync(join(repository, path), "utf8");
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(changelogSection(read("CHANGELOG.md"), version)).toBeTruthy();
  });
});

const sound = {
  manifest: { version: "1.2.0" },
  lock: { version: "1.2.0" },
  changelog,
  changes: [],
  published: ["1.1.0"],
};

describe("what npm tells of earlier versions", () => {
  it.each([
    ['["1.0.0","1.1.0"]', ["1.0.0", "1.1.0"]],
    ['"1.0.0"', ["1.0.0"]],
    ['{ "error": { "code": "E404", "summary": "Not Found" } }', []],
    ['{ "error": { "code": "ENOTFOUND" } }', undefined],
    ["", undefined],
  ])("%s", (output, expected) => {
    expect(versionsIn(output)).toEqual(expected);
  });
});

describe("the tree", () => {
  it("has nothing against it, also where the registry was silent", () => {
    expect(treeFindings(sound)).toEqual([]);
    expect(treeFindings({ ...sound, published: undefined })).toEqual([]);
  });

  it.each([
    ["changes", { changes: [" M js/a.ts"] }, "not committed"],
    ["another version in the lock file", { lock: { version: "1.1.0" } }, "package-lock.json"],
    ["no section of the changelog", { changelog: "## Unreleased\n\n- one\n" }, "## 1.2.0"],
    ["an empty section", { changelog: "## 1.2.0\n\n## 1.1.0\n\n- old\n" }, "## 1.2.0"],
    ["a version that is published", { published: ["1.2.0"] }, "published already"],
  ])("is refused with %s", (_, change, finding) => {
    expect(treeFindings({ ...sound, ...change })).toEqual([expect.stringContaining(finding)]);
  });
});

describe("the tarball", () => {
  const complete = NEEDED;

  it("may have what it needs", () => {
    expect(tarballFindings([...complete, "docs/keys.md", "js/jwt/key-set.ts"])).toEqual([]);
  });

  it.each(complete)("may not lack %s", (path) => {
    expect(tarballFindings(complete.filter((each) => each !== path))).toHaveLength(1);
  });

  it.each([".env", ".env.local", "js/a.test.ts", "dist/b.test.js", "server.pem", "tests/x.ts"])(
    "may not have %s",
    (path) => {
      expect(tarballFindings([...complete, path])).toEqual([expect.stringContaining(path)]);
    },
  );
});

describe("provenance", () => {
  const manifest = { repository: { type: "git", url: "git+https://example.com/a.git" } };

  it("takes a repository and the identity token of a CI", () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example.com" };
    expect(provenanceFindings({ manifest, env })).toEqual([]);
  });

  it("says what is missing, and no token", () => {
    expect(provenanceFindings({ manifest: {}, env: { SIGSTORE_ID_TOKEN: "secret" } })).toEqual([
      expect.not.stringContaining("secret"),
    ]);
    expect(provenanceFindings({ manifest, env: {} })).toHaveLength(1);
  });
});
