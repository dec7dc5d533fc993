/** `createConvexGateClient`: sessions and tokens for callers without React, over a transport of their own. */
import { isTokenExpired, sessionIdOf } from "./token-expiry.js";

/** A session as the transport gives it. */
export interface SessionSnapshot {
  session: {
    id: string;
    userId: string;
    expiresAt: string | number | Date;
    [field: string]: unknown;
  };
  user: { id: string; [field: string]: unknown };
}

/** How the client reaches the server. Each call may reject; the client then keeps what it had. */
export interface ConvexGateSessionTransport {
  /**
   * The session, or null when nobody is signed in. With `token` where its JWT came along: the answer to
   * `get-session?convexToken=true` has it in the header `Set-Convex-Token`.
   */
  getSession(): Promise<(SessionSnapshot & { token?: string | null | undefined }) | null>;
  /** `getSession` brings the token: who needs one while no session is known asks for that. @default false */
  sessionBringsToken?: boolean | undefined;
  /** A JWT for Convex, or null when nobody is signed in. With `forceRefresh` a newly made one. */
  getToken(options: { forceRefresh: boolean }): Promise<string | null>;
  /** Ends the session. */
  signOut(): Promise<void>;
}

/** What every client can do. */
export interface ConvexGateClient {
  getSession(): Promise<SessionSnapshot | null>;
  getToken(options?: { forceRefresh?: boolean }): Promise<string | null>;
  /** Ends the session and forgets it, even when the server cannot be reached; rejects then, after forgetting. */
  signOut(): Promise<void>;
}

/** A client with caches. */
export interface ConvexGateCachedClient extends ConvexGateClient {
  /** Forgets session and token: the next call asks the server. */
  clearCache(): void;
}

/** Configuration of {@link createConvexGateClient}. */
export interface ConvexGateClientConfig {
  transport: ConvexGateSessionTransport;
  /** How long a session may be answered from the cache, in ms. @default 30000 */
  sessionCacheMs?: number;
  /** The clock, in ms since the epoch. @default Date.now */
  now?: () => number;
}

type Found = Awaited<ReturnType<ConvexGateSessionTransport["getSession"]>>;

const DEFAULT_SESSION_CACHE_MS = 30_000;

/** Makes a client. Concurrent calls share one request; nothing is cached beyond its own expiry. */
export function createConvexGateClient(config: ConvexGateClientConfig): ConvexGateCachedClient {
  const { transport, sessionCacheMs = DEFAULT_SESSION_CACHE_MS, now = Date.now } = config;
  let session: { value: SessionSnapshot | null; until: number } | undefined;
  let token: string | null = null;
  const sessionFlight = createFlight<Found>();
  const tokenFlight = createFlight<string | null>();

  function clearCache(): void {
    session = undefined;
    token = null;
    sessionFlight.leave();
    tokenFlight.leave();
  }

  const isLive = (): boolean => !isTokenExpired(token, { now: now() });

  function keepSession(found: Found): void {
    const id = found?.session.id;
    // What is on its way was asked for the session before.
    if (!found || (session && session.value?.session.id !== id)) tokenFlight.leave();
    const end = found ? new Date(found.session.expiresAt).getTime() : Number.NaN;
    const longest = now() + sessionCacheMs;
    session = {
      value: withoutToken(found),
      until: Number.isNaN(end) ? longest : Math.min(longest, end),
    };
    // Whoever signed in meanwhile, as in another tab, must not get the token of the user before.
    if (sessionIdOf(token) !== id) token = null;
    if (found?.token) keepToken(found.token);
  }

  /** Of a token and a session that do not belong together one is late, and nobody knows which: neither is kept. */
  function keepToken(value: string | null): void {
    token = value;
    if (!session || belongs(value, session.value)) return;
    token = null;
    session = undefined;
  }

  async function getSession(): Promise<SessionSnapshot | null> {
    if (session && session.until > now()) return session.value;
    const answer = await sessionFlight.join(false, () => transport.getSession(), keepSession);
    return withoutToken(answer);
  }

  return {
    getSession,
    async getToken({ forceRefresh = false } = {}) {
      if (!forceRefresh && transport.sessionBringsToken && !isLive() && !session) {
        const found = await getSession();
        if (!found) return null;
      }
      if (!forceRefresh && isLive()) return token;
      return tokenFlight.join(forceRefresh, () => transport.getToken({ forceRefresh }), keepToken);
    },
    async signOut() {
      // Nothing that was asked for before may be cached afterwards, whatever the order of the answers.
      clearCache();
      try {
        await transport.signOut();
      } finally {
        clearCache();
      }
    },
    clearCache,
  };
}

/** False where a token is known to be of another session, or one of the two is missing. */
function belongs(token: string | null, found: SessionSnapshot | null): boolean {
  if (token === null || found === null) return token === found;
  const owner = sessionIdOf(token);
  return owner === null || owner === found.session.id;
}

/** It has a cache of its own, and whoever shows or logs a session does not mean its token. */
function withoutToken<T extends SessionSnapshot & { token?: unknown }>(
  found: T | null,
): SessionSnapshot | null {
  if (!found || !("token" in found)) return found;
  const { token: _token, ...snapshot } = found;
  return snapshot;
}

interface Flight<T> {
  /** Shares the request under way unless a fresher one is needed. `keep` gets the answer if it is still of use. */
  join(fresh: boolean, ask: () => Promise<T>, keep: (value: T) => void): Promise<T>;
  /** Forgets the request under way: its answer is kept no more. */
  leave(): void;
}

function createFlight<T>(): Flight<T> {
  let current: { fresh: boolean; answer: Promise<T> } | undefined;
  // Of requests that were sent one after the other, the answer of the last one counts.
  let latest: object | undefined;
  return {
    join(fresh, ask, keep) {
      if (current && (current.fresh || !fresh)) return current.answer;
      const mine = {};
      latest = mine;
      const answer = (async () => {
        const value = await ask();
        if (latest === mine) keep(value);
        return value;
      })();
      const flight = { fresh, answer };
      current = flight;
      const land = (): void => {
        if (current === flight) current = undefined;
      };
      answer.then(land, land);
      return answer;
    },
    leave() {
      current = undefined;
      latest = undefined;
    },
  };
}
