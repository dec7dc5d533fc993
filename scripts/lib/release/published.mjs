/** What of a package is published already. */
import { spawnSync } from "node:child_process";

/** The versions that the registry has; undefined where it could not be asked. */
export function publishedVersions(name) {
  const { stdout } = spawnSync("npm", ["view", name, "versions", "--json"], { encoding: "utf8" });
  return versionsIn(stdout ?? "");
}

/** The same, from what `npm view --json` prints: one version alone is no list, and a package that is not there an error. */
export function versionsIn(output) {
  try {
    const told = JSON.parse(output);
    if (told?.error) return told.error.code === "E404" ? [] : undefined;
    return [told].flat();
  } catch {
    return undefined;
  }
}
