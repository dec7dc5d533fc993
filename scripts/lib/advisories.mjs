/**
 * The checks of `npm run audit`. Each asks a registry through its own client and gives
 * `{ name, findings: [{ severity, what }], looked? }`, or `{ name, problem }` when it could not be made.
 */
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, spawned, which } from "./process.mjs";

/** npm's advisories on everything in package-lock.json. */
export async function npmAudit() {
  const name = "npm, advisories";
  const { output } = await asked("npm", ["audit", "--json", "--loglevel=silent"]);
  const report = parsed(output);
  const vulnerable = report?.vulnerabilities;
  // Without that member it is npm's account of why there is no report, whose wording depends on the version.
  if (typeof vulnerable !== "object" || vulnerable === null)
    return {
      name,
      problem: oneLine(report?.message ?? report?.error?.summary ?? "npm gave no report"),
    };
  const findings = Object.values(vulnerable).flatMap(({ name: dependency, via }) =>
    // What is only affected through another package is named where that one is.
    via
      .filter((cause) => typeof cause === "object")
      .map(({ severity, title, url }) => ({
        severity,
        what: oneLine(`${dependency}: ${title} (${url})`),
      })),
  );
  return { name, findings };
}

/**
 * Versions in Cargo.lock that their authors have withdrawn. cargo tells when it packs a crate with such a lock file, so it
 * packs an empty one that depends on exactly the locked versions.
 */
export async function yankedCrates() {
  const name = "crates, yanked versions";
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const crates = [...lock.matchAll(/\nname = "(.+)"\nversion = "(.+)"\nsource = "registry\+/g)];
  const folder = mkdtempSync(join(tmpdir(), "convex-gate-audit-"));
  try {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/lib.rs"), "");
    writeFileSync(join(folder, "Cargo.toml"), manifest(crates));
    copyFileSync(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
    const { code, output } = await asked(
      "cargo",
      ["package", "--no-verify", "--allow-dirty", "--color=never"],
      { cwd: folder, env: { CARGO_TARGET_DIR: join(folder, "target") } },
    );
    if (code !== 0)
      return { name, problem: oneLine(/error: (.*)/.exec(output)?.[1] ?? "cargo failed") };
    const yanked = [...output.matchAll(/package `(.+)` in Cargo\.lock is yanked/g)];
    return {
      name,
      findings: yanked.map(([, crate]) => ({
        severity: "high",
        what: `${crate} is yanked: cargo update -p ${crate.replace(" v", "@")}`,
      })),
      looked: `${crates.length} crates`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** RustSec's advisories. Their database is a git repository and in no package registry. */
export async function cargoAudit() {
  const name = "crates, RustSec's advisories";
  if (!which("cargo-audit"))
    return {
      name,
      problem: "needs RustSec's database, which is on no registry, and `cargo install cargo-audit`",
    };
  const { output } = await asked("cargo-audit", ["audit", "--json", "--quiet"]);
  const list = parsed(output.slice(output.indexOf("{")))?.vulnerabilities?.list;
  if (!Array.isArray(list)) return { name, problem: oneLine(output.trim().split("\n").at(-1)) };
  const findings = list.map(({ advisory, package: crate }) => ({
    // RustSec gives no grade, and what is only information is not in this list.
    severity: "high",
    what: oneLine(`${crate.name} ${crate.version}: ${advisory.id} ${advisory.title}`),
  }));
  return { name, findings };
}

/** A crate that depends on these versions and no others. The names are ours, so that one crate may occur in two versions. */
function manifest(crates) {
  const dependencies = crates.map(
    ([, crate, version], index) =>
      `crate${index} = { package = "${crate}", version = "=${version}", default-features = false }`,
  );
  return `[package]
name = "audited"
version = "0.0.0"
edition = "2024"
description = "Locked versions"
license = "MIT"

[workspace]

[dependencies]
${dependencies.join("\n")}
`;
}

/** A program's answer; the one of a program that is absent is empty. */
function asked(command, args, options) {
  return spawned(command, args, options).catch(() => ({ code: 127, output: "" }));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text from elsewhere, for one line of a terminal. */
function oneLine(text) {
  return String(text)
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .slice(0, 300);
}
