/** `createConvexGateClient`: sessions and tokens for callers without React, over a transport of their own. */
import { isTokenExpired } from "./token-expiry.js";

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
  /** The session, or null when nobody is signed in. */
  getSession(): Promise<SessionSnapshot | null>;
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

const DEFAULT_SESSION_CACHE_MS = 30_000;

/** Makes a client. Concurrent calls share one request; nothing is cached beyond its own expiry. */
export function createConvexGateClient(config: ConvexGateClientConfig): ConvexGateCachedClient {
  const { transport, sessionCacheMs = DEFAULT_SESSION_CACHE_MS, now = Date.now } = config;
  let session: { value: SessionSnapshot | null; until: number } | undefined;
  let token: string | null = null;
  // Answers that were asked for before the caches were cleared must not fill them again.
  let generation = 0;
  const shareSession = singleFlight<SessionSnapshot | null>();
  const shareToken = singleFlight<string | null>();

  function clearCache(): void {
    generation += 1;
    session = undefined;
    token = null;
    shareSession.forget();
    shareToken.forget();
  }

  return {
    getSession() {
      if (session && session.until > now()) return Promise.resolve(session.value);
      return shareSession.run("session", async () => {
        const asked = generation;
        const value = await transport.getSession();
        const end = value ? new Date(value.session.expiresAt).getTime() : Number.POSITIVE_INFINITY;
        if (asked === generation) session = { value, until: Math.min(now() + sessionCacheMs, end) };
        return value;
      });
    },
    getToken({ forceRefresh = false } = {}) {
      if (!forceRefresh && !isTokenExpired(token, { now: now() })) return Promise.resolve(token);
      return shareToken.run(forceRefresh ? "fresh" : "cached", async () => {
        const asked = generation;
        const value = await transport.getToken({ forceRefresh });
        if (asked === generation) token = value;
        return value;
      });
    },
    async signOut() {
      try {
        await transport.signOut();
      } finally {
        clearCache();
      }
    },
    clearCache,
  };
}

function singleFlight<T>(): {
  run: (key: string, work: () => Promise<T>) => Promise<T>;
  forget: () => void;
} {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, work) {
      const known = running.get(key);
      if (known) return known;
      const started = work().finally(() => {
        if (running.get(key) === started) running.delete(key);
      });
      running.set(key, started);
      return started;
    },
    forget: () => running.clear(),
  };
}
