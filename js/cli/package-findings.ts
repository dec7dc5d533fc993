/** What `doctor` says of the installed packages: their versions, and whether there are two of one. */
import semver from "semver";
import type { App } from "./app.js";
import type { Finding } from "./finding.js";
import { installed, manifest } from "./installed.js";

/** Looks at what is installed for an app. */
export async function packageFindings(app: App): Promise<Finding[]> {
  const { root } = app;
  const gate = installed(root, "convex-gate");
  if (gate === undefined) return [fault("lack convex-gate", await toAdd(root, "convex-gate"))];
  const { peerDependencies = {} } = manifest(gate);
  const found = await Promise.all(
    Object.entries(peerDependencies).map((peer) => peerFinding(app, gate, peer)),
  );
  const faults = found.filter((finding) => finding !== undefined);
  return faults.length > 0 ? faults : [{ level: "ok", code: CODE, message: "fit each other" }];
}

const CODE = "PACKAGES";

async function peerFinding(
  app: App,
  gate: string,
  [name, range]: readonly [string, string],
): Promise<Finding | undefined> {
  const { root } = app;
  const { peerDependenciesMeta = {}, version = "" } = manifest(gate);
  const own = installed(root, name);
  if (own === undefined)
    return peerDependenciesMeta[name]?.optional === true
      ? undefined
      : fault(`lack ${name}`, await toAdd(root, `${name}@${range}`));
  const { version: has = "" } = manifest(own);
  return satisfies(has, range)
    ? copies(app, name, own, gate)
    : fault(
        `have ${name} ${has}, and convex-gate ${version} needs ${range}`,
        await toAdd(root, `${name}@${range}`),
      );
}

/** Two copies of a package do not know each other's instances: contexts, errors and types are each copy's own. */
async function copies(
  { root, packages }: App,
  name: string,
  own: string,
  gate: string,
): Promise<Finding | undefined> {
  const users = [...packages]
    .filter((each) => each !== name && each.includes("better-auth"))
    .map((each) => installed(root, each))
    .filter((each) => each !== undefined);
  const other = [gate, ...users]
    .map((user) => ({ user, copy: installed(user, name) }))
    .find(({ copy }) => copy !== undefined && copy !== own);
  if (other?.copy === undefined) return undefined;
  const versions = `${String(manifest(own).version)} and ${String(manifest(other.copy).version)}`;
  const user = String(manifest(other.user).name);
  const add = await toAdd(root, `${name}@latest`, `${user}@latest`);
  const { dedupeLine } = await import("./package-manager.js");
  const dedupe = await dedupeLine(root);
  const rest = dedupe ? ` && ${dedupe}` : ", then install again without the lock file";
  return fault(
    `have two copies of ${name} (${versions}): ${user} has one of its own`,
    `${add}${rest}; with a linked package let the bundler dedupe ${name}`,
  );
}

function fault(message: string, remedy: string): Finding {
  return { level: "error", code: CODE, message, remedy };
}

/** The app's own way to add packages. What tells it is loaded where there is a fault, which is seldom. */
export async function toAdd(root: string, ...specs: string[]): Promise<string> {
  const { addLine } = await import("./package-manager.js");
  return addLine(root, specs);
}

/** Whether a version is in a range. A pre-release counts as its release: who runs one knows. */
export function satisfies(version: string, range: string): boolean {
  const release = semver.coerce(version);
  return release !== null && semver.satisfies(release, range);
}
