/**
 * `npm run release -- --dry-run`: builds, tests, packs, tries the tarball in a clean project, and prints what would be
 * published. Without `--dry-run` it publishes that tarball with npm's provenance, when nothing stands against it.
 * `--skip-tests` leaves the tests out of a dry run, and says so.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./lib/bootstrap.mjs";
import { buildAllWasm, buildDist } from "./lib/build.mjs";
import { main } from "./lib/main.mjs";
import { answerOf, Missing, root, run, step } from "./lib/process.mjs";
import { tryInCleanProject } from "./lib/release/clean-project.mjs";
import {
  changelogSection,
  provenanceFindings,
  tarballFindings,
  treeFindings,
} from "./lib/release/findings.mjs";
import { publishedVersions } from "./lib/release/published.mjs";

const { values } = parseArgs({
  options: { "dry-run": { type: "boolean" }, "skip-tests": { type: "boolean" } },
});
const isDry = values["dry-run"] === true;

const textOf = (path) => readFileSync(join(root, path), "utf8");

await main(async () => {
  if (values["skip-tests"] && !isDry)
    throw new Missing("tests may be skipped in a dry run only: add --dry-run");
  const manifest = JSON.parse(textOf("package.json"));
  const { name, version } = manifest;
  const changelog = textOf("CHANGELOG.md");
  const published = publishedVersions(name);
  const findings = treeFindings({
    manifest,
    lock: JSON.parse(textOf("package-lock.json")),
    changelog,
    changes: (answerOf("git", ["status", "--porcelain"]) ?? "").split("\n").filter(Boolean),
    published,
  });
  // A release that cannot be is told of before half an hour of tests.
  if (findings.length > 0 && !isDry) throw new Missing(findings.join("\n  "));

  const { wasmEnv } = await bootstrap();
  await buildAllWasm(wasmEnv);
  await buildDist();
  console.log("release");
  if (values["skip-tests"]) findings.push("the tests were skipped");
  else
    await step("npm test", async () => {
      const output = await run("npm", ["test"]);
      return output.trimEnd().split("\n").at(-1);
    });

  const folder = mkdtempSync(join(tmpdir(), "convex-gate-tarball-"));
  try {
    const packed = await packedInto(folder);
    const tarball = join(folder, packed.filename);
    findings.push(...tarballFindings(packed.files.map(({ path }) => path)));
    await step("a clean project", () => tryInCleanProject(tarball, manifest));
    const unattested = provenanceFindings({ manifest, env: process.env });
    printReport({ name, version, packed, changelog, published, findings, unattested });
    if (isDry) return;
    if (findings.length > 0) throw new Missing(findings.join("\n  "));
    if (unattested.length > 0) throw new Missing(unattested.join("\n  "));
    const publish = ["publish", tarball, "--provenance", "--access", "public"];
    await run("npm", publish, { quiet: false });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Packs what was built. */
async function packedInto(folder) {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  return JSON.parse(await run("npm", args))[0];
}

/** What would be published, and what stands against it. */
function printReport({ name, version, packed, changelog, published, findings, unattested }) {
  const kB = (bytes) => `${String(Math.round(bytes / 1000))} kB`;
  const folderOf = (path) => (path.includes("/") ? path.split("/")[0] : "the folder itself");
  const folders = new Map();
  for (const file of packed.files)
    folders.set(folderOf(file.path), [...(folders.get(folderOf(file.path)) ?? []), file]);
  console.log(`\nwould be published: ${name} ${version}`);
  console.log(
    `  ${kB(packed.size)} packed, ${kB(packed.unpackedSize)} unpacked, ${packed.integrity}`,
  );
  for (const [folder, files] of folders)
    console.log(
      `  ${folder}: ${String(files.length)} files, ${kB(files.reduce((sum, { size }) => sum + size, 0))}`,
    );
  console.log(
    published === undefined
      ? "  NOT CHECKED: the registry did not tell which versions there are"
      : `  published before: ${published.join(", ") || "nothing"}`,
  );
  console.log(unattested.length === 0 ? "  provenance: attested by this CI" : "  provenance: none");
  for (const each of unattested) console.log(`    ${each}`);
  const section = changelogSection(changelog, version);
  if (section) console.log(`\nchangelog of ${version}:\n\n${section.replace(/^/gm, "  ")}`);
  console.log(findings.length === 0 ? "\nnothing stands against it" : "\nstands against it:");
  for (const each of findings) console.log(`  ${each}`);
  if (findings.length > 0) process.exitCode = 1;
}
