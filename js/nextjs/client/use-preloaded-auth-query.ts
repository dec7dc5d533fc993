import { useConvex, useConvexAuth } from "convex/react";
import type { ConvexReactClient } from "convex/react";
import type { FunctionReference, FunctionReturnType } from "convex/server";
import { makeFunctionReference } from "convex/server";
import type { JSONValue, Value } from "convex/values";
import { jsonToConvex } from "convex/values";
import { useContext, useMemo, useSyncExternalStore } from "react";
import { sessionIdIn } from "../../client/auth-machine.js";
import type { Holder } from "../../client/convex-link.js";
import { GateContext } from "../../react/gate-status.js";
import { patientClient } from "../../react/patient-client.js";
import type { PreloadedAuthQuery } from "../preload.js";

/**
 * The result of a query that `preloadAuthQuery` asked on the server: at first that one, then the live one. Null once nobody is
 * signed in; undefined while there is neither. Another session's result is never given.
 *
 * The subscription begins when Convex has the session, and pauses while it has lost it, with the last result in place. What the
 * query throws is thrown here, for an error boundary; that it was refused for want of a session only once the server has
 * said that there is one. Works under `ConvexBetterAuthProvider`.
 */
export function usePreloadedAuthQuery<Query extends FunctionReference<"query">>(
  preloaded: PreloadedAuthQuery<Query>,
): FunctionReturnType<Query> | null | undefined {
  const { status, rendered, doubt, holder, gate } = useContext(GateContext);
  const idOf = (): string | null => (gate ? sessionIdIn(gate.state()) : null);
  const sessionId = useSyncExternalStore(gate?.subscribe ?? noSubscription, idOf, idOf);
  const { isAuthenticated } = useConvexAuth();
  const client = useConvex();
  const patient = useMemo(() => (doubt ? patientClient(client, doubt) : client), [client, doubt]);
  // Props of a Server Component that is rendered again are new objects, and most often the same.
  const args = JSON.stringify(preloaded.args);
  const source = useMemo(
    () => sourceOf(patient, preloaded.name, args, holder, sessionId),
    [patient, preloaded.name, args, holder, sessionId],
  );
  // A page that was rendered for its session signs Convex in before it subscribes to anything.
  const isConfirmed = status.session === "signedIn" && (isAuthenticated || rendered);
  const live = useSyncExternalStore(
    isConfirmed ? source.subscribe : noSubscription,
    source.read,
    nothing,
  );
  const early = useMemo(
    () => (preloaded.value === undefined ? undefined : jsonToConvex(preloaded.value)),
    [preloaded.value],
  );
  if (status.session === "signedOut") return null;
  if (live !== undefined) return live as FunctionReturnType<Query>;
  // Next keeps pages in the browser: one of these may have been rendered for the user before.
  const isOwn = status.session === "unknown" || preloaded.session === sessionId;
  return (isOwn ? early : undefined) as FunctionReturnType<Query> | undefined;
}

interface Source {
  readonly subscribe: (listener: () => void) => () => void;
  /** The live result, or the last one while there is no subscription. */
  readonly read: () => Value | undefined;
}

/** The results of one query for one session. */
function sourceOf(
  client: ConvexReactClient,
  name: string,
  args: string,
  holder: Holder | null,
  session: string | null,
): Source {
  const query = makeFunctionReference<"query", Record<string, Value>, Value>(name);
  const given = jsonToConvex(JSON.parse(args) as JSONValue) as Record<string, Value>;
  const watch = client.watchQuery(query, given);
  let last: Value | undefined;
  return {
    subscribe(listener) {
      const stops = [watch.onUpdate(listener), holder?.subscribe(listener)];
      return () => stops.forEach((stop) => stop?.());
    },
    read() {
      // Until Convex has taken this session's token, its results are those of the session before.
      if (holder?.session() !== session) return undefined;
      const result = watch.localQueryResult();
      if (result !== undefined) last = result;
      return last;
    },
  };
}

const nothing = (): undefined => undefined;
const noSubscription = (): (() => void) => nothing;
