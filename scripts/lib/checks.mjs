/** Checks of the sources that remember what they saw: what has not changed is not looked at again. */
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { checkUnknown, repositoryFiles } from "./known-files.mjs";
import { cacheFolder } from "./lock.mjs";
import { root, spawned } from "./process.mjs";

/** Each program compares the contents of files, its own version and its settings. */
const here = join(root, "target/checks");
/** Of the clone that was checked last. */
const kept = join(cacheFolder, "checks");

/**
 * `tsc` on a project. It keeps for each file what it found, and looks again at whatever a change can reach. It names files
 * by where they are from its own, so that a new clone begins with what another one knows.
 */
export async function typesOf(project) {
  mkdirSync(here, { recursive: true });
  const info = join(here, `${project.replaceAll(/\W+/g, "-")}.tsbuildinfo`);
  if (!existsSync(info)) copied(join(kept, basename(info)), info);
  const flags = ["--incremental", "--tsBuildInfoFile", info];
  const result = await checked("node_modules/typescript/bin/tsc", "-p", project, ...flags);
  if (result.code === 0) copied(info, join(kept, basename(info)));
  return result;
}

/** Prettier on everything. */
export function formatting() {
  const prettier = "node_modules/prettier/bin/prettier.cjs";
  const files = repositoryFiles();
  if (files === undefined) return checked(prettier, "--check", ".");
  const settings = files.filter((file) => PRETTIER_SETTINGS.test(file));
  return checkUnknown("prettier", files, settings, (unknown) =>
    checked(prettier, "--check", "--ignore-unknown", ...unknown),
  );
}

/** A `package.json` may have some. */
const PRETTIER_SETTINGS =
  /(^|\/)(\.prettier[^/]*|prettier\.config\.[^/]*|\.editorconfig|package\.json)$/;

/**
 * ESLint on everything. All rules look at one file alone, but one of those for Convex's functions, which follows imports:
 * what it found says nothing of the next time.
 */
export async function linting() {
  const eslint = "node_modules/eslint/bin/eslint.js";
  const files = repositoryFiles();
  if (files === undefined) return checked(eslint, ".");
  const sources = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const isFunction = (file) => /^(examples\/[^/]+\/)?convex\//.test(file);
  const lint = (some) => checked(eslint, "--no-warn-ignored", ...some);
  const alone = sources.filter((file) => !isFunction(file));
  const result = await checkUnknown("eslint", alone, ["eslint.config.js"], lint);
  if (result.code !== 0) return result;
  return lint(sources.filter((file) => isFunction(file) && existsSync(join(root, file))));
}

/** A cache that cannot be read or written is no fault: everything is looked at. */
function copied(from, to) {
  const unfinished = `${to}.${process.pid}`;
  try {
    mkdirSync(join(to, ".."), { recursive: true });
    copyFileSync(from, unfinished);
    renameSync(unfinished, to);
  } catch {
    // Nothing is kept.
  }
}

function checked(file, ...args) {
  return spawned(process.execPath, [join(root, file), ...args]);
}
