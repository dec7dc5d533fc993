/** Notices on every page that its session is over, by one subscribed query. */
import type { ConvexReactClient } from "convex/react";
import { useConvexAuth } from "convex/react";
import { useEffect, useRef } from "react";
import type { SessionQuery } from "../client/session-query.js";

/** Subscribes to the query while Convex has somebody signed in. Another query of a later render is not looked at. */
export function SessionWatch(props: {
  client: ConvexReactClient;
  query: SessionQuery | undefined;
  onEnded: (sessionId: string) => void;
}): null {
  const { client, onEnded } = props;
  const { isAuthenticated } = useConvexAuth();
  // Generated references are made anew each time that they are looked up.
  const { current: query } = useRef(props.query);
  useEffect(() => {
    if (!query || !isAuthenticated) return undefined;
    const watch = client.watchQuery(query, {});
    // Not through React: what protected queries are refused in the same message must find the session ended.
    const look = (): void => {
      try {
        const state = watch.localQueryResult();
        if (state?.live === false) onEnded(state.sessionId);
      } catch (error) {
        console.error("[convex-gate] The provider's sessionQuery failed:", error);
      }
    };
    const stop = watch.onUpdate(look);
    look();
    return stop;
  }, [client, query, isAuthenticated, onEnded]);
  return null;
}
