/** What a binding shares with the others of the same two clients, and with itself before a hot reload. */
import type { AuthEndpoints, SessionValue } from "./auth-client.js";
import { forgetSession, requestToken } from "./auth-client.js";
import type { ConvexAuthTarget, ConvexLink } from "./convex-link.js";
import { createConvexLink } from "./convex-link.js";
import type { Doubt } from "./doubt.js";
import { createDoubt } from "./doubt.js";
import type { Gate } from "./gate.js";
import { createGate } from "./gate.js";
import { sessionTokensOf, tokenWith } from "./session-tokens.js";
import { signOutWatchOf } from "./sign-out-watch.js";
import type { SocketTarget } from "./socket-watch.js";
import { watchSocket } from "./socket-watch.js";
import { adviceFor, reasonOf } from "./trouble.js";
import { wakeWatchOf } from "./wake-watch.js";
import { writeWatchOf } from "./write-watch.js";

/** What a server that rendered the page knew, as `getState()` of `convex-gate/ssr` and the kits gives it. */
export interface InitialState {
  readonly session: "unknown" | "signedIn" | "signedOut";
  /** The JWT that the page was rendered with. */
  readonly token: string | null;
}

/** A gate and its link. */
export interface Connection {
  readonly gate: Gate;
  readonly link: ConvexLink;
  readonly doubt: Doubt;
  /** Takes what the session store shows now. */
  readonly observe: (value: SessionValue) => void;
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
  authClient: AuthEndpoints,
  initial: Partial<InitialState>,
): Connection {
  let refetch: SessionValue["refetch"];
  const gate = createGate({
    request: (fresh, signal) => requestToken(authClient, fresh, signal),
    refetchSession: (pastCaches) => {
      void refetch?.(pastCaches ? PAST_CACHES : undefined).catch(() => undefined);
    },
    forgetSession: () => {
      if (!forgetSession(authClient)) void refetch?.(PAST_CACHES).catch(() => undefined);
    },
    writes: writeWatchOf(authClient.$fetch),
    initialToken: initial.token,
    initialSession: initial.session,
  });
  const doubt = createDoubt(gate.recheck);
  return {
    gate,
    link: createConvexLink(client, gate, doubt.settle),
    doubt,
    observe(value) {
      refetch = value.refetch;
      gate.observe(value, tokenWith(sessionTokensOf(authClient.$fetch), value.data));
    },
  };
}

/** The connection that is in use for both clients, if there is one. */
export function findConnection(client: object, authClient: object): Connection | undefined {
  return shared.get(client)?.get(authClient)?.connection;
}

/** Takes part in the connection of both clients, which is `own` when there is none. To be called in effects only. */
export function joinConnection(
  client: SocketTarget,
  authClient: AuthEndpoints,
  own: Connection,
): { connection: Connection; leave: () => void } {
  const byAuthClient = shared.get(client) ?? new WeakMap<object, Shared>();
  shared.set(client, byAuthClient);
  const entry = byAuthClient.get(authClient) ?? share(client, authClient, own);
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

const PAST_CACHES = { query: { disableCookieCache: true } };

/** Longer than it takes to know that Convex cannot be reached either. */
const ADVICE_AFTER_MS = 4_000;

function share(client: SocketTarget, authClient: AuthEndpoints, connection: Connection): Shared {
  const { gate } = connection;
  const tokens = sessionTokensOf(authClient.$fetch);
  let stopSocket: (() => void) | undefined;
  let hadSession = true;
  let adviceTimer: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    const { session, trouble } = gate.state();
    // Looking at the socket opens it, which a page for everybody may have no use for.
    if (session.status === "signedIn" || trouble.session)
      stopSocket ??= watchSocket(client, gate.noteSocket);
    if (hadSession && session.status === "signedOut") {
      tokens.came = undefined;
      tokens.kept?.forget();
    }
    hadSession = session.status !== "signedOut";
    // Where there is no network at all, the socket tells, but later.
    if (trouble.stuck) adviceTimer ??= setTimeout(advise, ADVICE_AFTER_MS);
  }

  function advise(): void {
    const { trouble } = gate.state();
    const origin = typeof location === "undefined" ? undefined : location.origin;
    const advice = trouble.stuck ? adviceFor(reasonOf(trouble), trouble.failure, origin) : null;
    if (advice === null) adviceTimer = undefined;
    else console.error(`[convex-gate] ${advice}`);
  }

  const stops = [
    gate.subscribe(follow),
    wakeWatchOf(authClient.$fetch).subscribe?.(gate.noteAwake),
    signOutWatchOf(authClient.$fetch).listen({
      begin: () => gate.noteSignOut("begun"),
      done: () => gate.noteSignOut("done"),
      fail: () => gate.noteSignOut("failed"),
    }),
  ];
  follow();
  tokens.isWanted = gate.wantsToken;
  // Not in the first render, which may have to be the server's.
  void tokens.kept?.read().then((token) => {
    if (token !== null) gate.adopt(token);
  });
  const stop = (): void => {
    if (tokens.isWanted === gate.wantsToken) tokens.isWanted = undefined;
    for (const each of stops) each?.();
    clearTimeout(adviceTimer);
    stopSocket?.();
    gate.pause();
  };
  return { connection, stop, users: 0 };
}
