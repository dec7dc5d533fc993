/** The readers, each loaded when it is asked for: they bring parsers that other commands do without. */
import type { OpenSource, SourceName } from "../source.js";

const openers: Record<SourceName, (() => Promise<OpenSource>) | undefined> = {
  cba: async () => (await import("./cba.js")).openCba,
  "convex-auth": async () => (await import("./convex-auth.js")).openConvexAuth,
  clerk: async () => (await import("./clerk.js")).openClerk,
  "better-auth": async () => (await import("./better-auth-json.js")).openJsonFolder,
};

/** The reader of a source; undefined for one that is not there. */
export async function openerOf(name: SourceName): Promise<OpenSource | undefined> {
  return openers[name]?.();
}
