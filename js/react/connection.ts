/** What a provider shares with the other providers of the same clients, and with itself before a hot reload. */
import type { ConvexAuthTarget, ConvexLink } from "../client/convex-link.js";
import { createConvexLink } from "../client/convex-link.js";
import type { Gate } from "../client/gate.js";
import { createGate } from "../client/gate.js";
import { signOutWatchOf } from "../client/sign-out-watch.js";
import { writeWatchOf } from "../client/write-watch.js";
import type { AuthClientLike, SessionHookValue } from "./auth-client.js";
import { requestToken } from "./auth-client.js";

/** A gate and its link. */
export interface Connection {
  readonly gate: Gate;
  readonly link: ConvexLink;
  /** Takes what the session hook shows now. */
  readonly observe: (value: SessionHookValue) => void;
}

interface Shared {
  readonly connection: Connection;
  readonly stop: () => void;
  users: number;
}

/**
 * Filled in effects only: they do not run on a server, where connections of different requests must not meet. Keyed by
 * both clients.
 */
const shared = new WeakMap<object, WeakMap<object, Shared>>();

/** Makes a connection, which does nothing yet. */
export function createConnection(
  client: ConvexAuthTarget,
  authClient: AuthClientLike,
  initialToken: string | null | undefined,
): Connection {
  let refetch: SessionHookValue["refetch"];
  const gate = createGate({
    request: (fresh, signal) => requestToken(authClient, fresh, signal),
    refetchSession: (pastCaches) => {
      const query = pastCaches ? { query: { disableCookieCache: true } } : undefined;
      void refetch?.(query).catch(() => undefined);
    },
    settled: writeWatchOf(authClient.$fetch).settled,
    initialToken,
  });
  return {
    gate,
    link: createConvexLink(client, gate),
    observe(value) {
      refetch = value.refetch;
      gate.observe(value);
    },
  };
}

/** The connection that is in use for both clients, if there is one. */
export function findConnection(client: object, authClient: object): Connection | undefined {
  return shared.get(client)?.get(authClient)?.connection;
}

/** Takes part in the connection of both clients, which is `own` when there is none. To be called in effects only. */
export function joinConnection(
  client: object,
  authClient: AuthClientLike,
  own: Connection,
): { connection: Connection; leave: () => void } {
  const byAuthClient = shared.get(client) ?? new WeakMap<object, Shared>();
  shared.set(client, byAuthClient);
  const entry = byAuthClient.get(authClient) ?? share(authClient, own);
  byAuthClient.set(authClient, entry);
  entry.users += 1;
  return {
    connection: entry.connection,
    leave() {
      entry.users -= 1;
      queueMicrotask(() => {
        if (entry.users > 0 || byAuthClient.get(authClient) !== entry) return;
        byAuthClient.delete(authClient);
        entry.stop();
      });
    },
  };
}

function share(authClient: AuthClientLike, connection: Connection): Shared {
  const { gate } = connection;
  const unlisten = signOutWatchOf(authClient.$fetch).listen({
    begin: () => gate.noteSignOut(true),
    fail: () => gate.noteSignOut(false),
  });
  const stop = (): void => {
    unlisten();
    gate.pause();
  };
  return { connection, stop, users: 0 };
}
