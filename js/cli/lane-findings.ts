/** Whether the fast lane knows the Better Auth that is installed: without it everything works, and is slower. */
import semver from "semver";
import { COMPARED_VERSIONS } from "../plugins/convex/compared-versions.js";
import type { Finding } from "./finding.js";
import { installed, manifest } from "./installed.js";
import { toAdd } from "./package-findings.js";
import { functionsFile } from "./source-tree.js";
import type { SourceTree } from "./source-tree.js";

/** Looks at an app whose routes could have a fast lane; nothing is said of another. */
export async function laneFindings(folder: string, tree: SourceTree): Promise<Finding[]> {
  const { text = "" } = functionsFile(tree, "http") ?? {};
  const own = installed(folder, "better-auth");
  const has = own === undefined ? undefined : manifest(own).version;
  const isMounted = /["']convex-gate\/http["']/.test(text) && /\bregisterRoutes\(/.test(text);
  if (!isMounted || has === undefined || /\bfastLane:\s*false\b/.test(text)) return [];
  const code = "FAST_LANE";
  const name = otherName(tree);
  if (name !== undefined && !/\bcomponent\s*[:,}]/.test(text))
    return [
      {
        level: "warning",
        code,
        message: `asks components.betterAuth, and the component is called ${name} here: sessions and tokens are answered in full`,
        remedy: `in ${tree.functionsFolder}/http.ts add component: components.${name} to the options of registerRoutes`,
      },
    ];
  if (COMPARED_VERSIONS.includes(has))
    return [{ level: "ok", code, message: `knows better-auth ${has}` }];
  const known = COMPARED_VERSIONS.join(", ");
  const latest = COMPARED_VERSIONS.at(-1) ?? has;
  const update = semver.lt(has, latest) ? [] : [await toAdd(folder, "convex-gate@latest")];
  return [
    {
      level: "warning",
      code,
      message: `is not taken with better-auth ${has}: it knows ${known}, and sessions and tokens are answered in full`,
      remedy: [...update, await toAdd(folder, `better-auth@${latest}`)].join(", or "),
    },
  ];
}

/** What the component is called, where that is not its usual name. */
function otherName(tree: SourceTree): string | undefined {
  const { text = "" } = functionsFile(tree, "convex.config") ?? {};
  const own = /\bimport\s+(\w+)\s+from\s+["']convex-gate\/convex\.config/.exec(text)?.[1];
  if (own === undefined) return undefined;
  const uses = text.matchAll(new RegExp(`\\.use\\(\\s*${own}\\b\\s*(?:,\\s*\\{([^}]*))?`, "g"));
  const names = [...uses].map(([, options = ""]) => /\bname:\s*["'](\w+)["']/.exec(options)?.[1]);
  return names.includes(undefined) ? undefined : names[0];
}
