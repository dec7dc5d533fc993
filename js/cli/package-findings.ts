/** What `doctor` says of the installed packages: their versions, and whether there are two of one. */
import semver from "semver";
import type { App } from "./app.js";
import type { Finding } from "./finding.js";
import { installed, manifest } from "./installed.js";

/** Looks at what is installed for an app. */
export function packageFindings(app: App): Finding[] {
  const { root: folder } = app;
  const code = "PACKAGES";
  const gate = installed(folder, "convex-gate");
  if (gate === undefined)
    return [
      { level: "error", code, message: "lack convex-gate", remedy: "npm install convex-gate" },
    ];
  const { peerDependencies = {}, peerDependenciesMeta = {}, version = "" } = manifest(gate);
  const found = Object.entries(peerDependencies).flatMap(([name, range]): Finding[] => {
    const own = installed(folder, name);
    if (own === undefined)
      return peerDependenciesMeta[name]?.optional === true
        ? []
        : [{ level: "error", code, message: `lack ${name}`, remedy: `npm install ${name}` }];
    const { version: has = "" } = manifest(own);
    return satisfies(has, range)
      ? copies(app, name, own, gate)
      : [
          {
            level: "error",
            code,
            message: `have ${name} ${has}, and convex-gate ${version} needs ${range}`,
            remedy: `npm install "${name}@${range}"`,
          },
        ];
  });
  return found.length > 0 ? found : [{ level: "ok", code, message: "fit each other" }];
}

/** Two copies of a package do not know each other's instances: contexts, errors and types are each copy's own. */
function copies(app: App, name: string, own: string, gate: string): Finding[] {
  const users = [...app.packages]
    .filter((each) => each !== name && each.includes("better-auth"))
    .map((each) => installed(app.root, each))
    .filter((each) => each !== undefined);
  const other = [gate, ...users]
    .map((user) => ({ user, copy: installed(user, name) }))
    .find(({ copy }) => copy !== undefined && copy !== own);
  if (other?.copy === undefined) return [];
  const versions = `${String(manifest(own).version)} and ${String(manifest(other.copy).version)}`;
  const user = String(manifest(other.user).name);
  return [
    {
      level: "error",
      code: "PACKAGES",
      message: `have two copies of ${name} (${versions}): ${user} has one of its own`,
      remedy: `npm install ${name}@latest ${user}@latest && npm dedupe; with a linked package let the bundler dedupe ${name}`,
    },
  ];
}

/** Whether a version is in a range. A pre-release counts as its release: who runs one knows. */
export function satisfies(version: string, range: string): boolean {
  const release = semver.coerce(version);
  return release !== null && semver.satisfies(release, range);
}
