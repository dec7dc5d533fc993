/** What has changed since a commit, as git says. */
import { answerOf, Missing } from "../process.mjs";

/**
 * The paths that differ between the working tree and the commit where the branch left `base`, those that git does not
 * follow yet too. Without a base it is `main` here or at `origin`; on `main` itself only what is not committed counts.
 */
export function changedFiles(base) {
  const known = (name) => answerOf("git", ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  const from = base ?? ["main", "origin/main"].find((name) => known(name) !== undefined) ?? "HEAD";
  const since = answerOf("git", ["merge-base", "HEAD", from]);
  if (since === undefined)
    throw new Missing(
      `git knows no commit that HEAD and ${from} share: name another, --changed=COMMIT`,
    );
  // With both names of a file that moved. No quotes around what is not ASCII.
  const differing = answerOf("git", ["diff", "--name-only", "--no-renames", "-z", since]);
  const unknown = answerOf("git", ["ls-files", "--others", "--exclude-standard", "-z"]);
  if (differing === undefined || unknown === undefined) throw new Missing("git does not answer");
  const paths = [...differing.split("\0"), ...unknown.split("\0")].filter((path) => path !== "");
  return { since: since.slice(0, 12), from, paths: [...new Set(paths)].sort() };
}
