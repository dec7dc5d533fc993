import type { ConvexClient } from "convex/browser";
import type { SessionQuery } from "../client/session-query.js";

/** Subscribes to the query, which tells at once when a session is over. Gives back a function that ends that. */
export function watchSession(
  client: ConvexClient,
  query: SessionQuery,
  onEnded: (sessionId: string) => void,
): () => void {
  return client.onUpdate(
    query,
    {},
    (state) => {
      if (state?.live === false) onEnded(state.sessionId);
    },
    (error) => console.error("[convex-gate] The sessionQuery of setupAuth failed:", error),
  );
}
