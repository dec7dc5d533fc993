import type { ReactElement, ReactNode } from "react";
import { createContext, useContext } from "react";
import type { ConvexGateCachedClient } from "../client/session-client.js";
import { GateError } from "../errors/index.js";

const GateClientContext: React.Context<ConvexGateCachedClient | null> =
  createContext<ConvexGateCachedClient | null>(null);

/** Gives a client of `createConvexGateClient` to the components below. Imported from `convex-gate/react`. */
export function ConvexGateProvider(props: {
  client: ConvexGateCachedClient;
  children?: ReactNode;
}): ReactElement {
  return (
    <GateClientContext.Provider value={props.client}>{props.children}</GateClientContext.Provider>
  );
}

/**
 * The client that `ConvexGateProvider` holds.
 *
 * @throws GateError `NO_PROVIDER` outside of it.
 */
export function useConvexGate(): ConvexGateCachedClient {
  const client = useContext(GateClientContext);
  if (client) return client;
  throw new GateError("NO_PROVIDER", "useConvexGate needs a <ConvexGateProvider> above it");
}
