/** Keeps the edge outermost, wherever the app lists `crossDomain()`. */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import type { Edge } from "./edge.js";

const enclosed = new WeakSet<BetterAuthPlugin>();

/**
 * Makes the request hooks of other plugins run inside of the edge. Better Auth (1.7) runs them in the order of `plugins`
 * and ends with the first whose `onResponse` answers; one that stands before `crossDomain()` would look for cookies in a
 * request that has none yet, or answer past it. An app may share plugins between instances, so each is changed once, and
 * asks its context for the edge.
 */
export function enclose(plugins: readonly BetterAuthPlugin[]): void {
  for (const plugin of plugins) {
    if (plugin.id === "cross-domain" || enclosed.has(plugin)) continue;
    enclosed.add(plugin);
    const { onRequest, onResponse } = plugin;
    if (onRequest)
      plugin.onRequest = async (request, context) => {
        const entry = await edgeOf(context)?.onRequest(request, context);
        if (entry && "response" in entry) return entry;
        const theirs = (await onRequest(entry?.request ?? request, context)) ?? entry;
        return theirs && "response" in theirs ? out(theirs, context) : theirs;
      };
    if (onResponse)
      plugin.onResponse = async (response, context) => {
        const theirs = await onResponse(response, context);
        return theirs && out(theirs, context);
      };
  }
}

/** A plugin's own answer, as the edge lets it out. */
async function out(theirs: { response: Response }, context: AuthContext) {
  return (await edgeOf(context)?.onResponse(theirs.response, context)) ?? theirs;
}

function edgeOf(context: AuthContext): Edge | undefined {
  return (context.getPlugin("cross-domain") as { edge?: Edge } | null | undefined)?.edge;
}
