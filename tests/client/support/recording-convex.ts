/** A Convex client that does what the real one does with identities, against a server in memory. */
import type { ConvexAuthTarget } from "../../../js/client/convex-link.js";

type Fetcher = Parameters<ConvexAuthTarget["setAuth"]>[0];

export interface RecordingConvex extends ConvexAuthTarget {
  /** Everything that happened to the identity: `set`, `clear`, `auth <token>`, `confirmed`, `failed`. */
  readonly log: string[];
  readonly count: (entry: string) => number;
  /** The token the server knows, or null for anonymous. */
  readonly identity: () => string | null;
  /** As the server does when a token has expired, or a client that wakes up. */
  readonly refresh: () => Promise<void>;
}

/**
 * Follows the real client (convex 1.48): `setAuth` fetches a token, sends it, reports once the server has confirmed it,
 * and fetches anew by force, unless `reuse` is on. A fetcher without a token clears the identity and is asked no more.
 */
export function recordingConvex({ reuse = true, confirmMs = 5 } = {}): RecordingConvex {
  const log: string[] = [];
  let identity: string | null = null;
  let config: { fetch: Fetcher; onChange: (is: boolean) => void } | null = null;
  let version = 0;

  async function fetchToken(fetch: Fetcher, force: boolean): Promise<string | null | undefined> {
    const mine = ++version;
    const token = await fetch({ forceRefreshToken: force });
    if (mine !== version) throw OUTDATED;
    return token;
  }

  function give(token: string, confirmed: () => void): void {
    identity = token;
    log.push(`auth ${token}`);
    const mine = version;
    setTimeout(() => {
      if (mine === version) confirmed();
    }, confirmMs);
  }

  function fail(onChange: (is: boolean) => void): void {
    identity = null;
    config = null;
    log.push("failed");
    onChange(false);
  }

  async function force(): Promise<void> {
    if (!config) return;
    const { fetch, onChange } = config;
    const token = await fetchToken(fetch, true);
    if (!token) fail(onChange);
    else if (token !== identity) give(token, () => onChange(true));
  }

  const guarded = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      if (error !== OUTDATED) throw error;
    });

  return {
    log,
    count: (entry) => log.filter((each) => each === entry).length,
    identity: () => identity,
    setAuth(fetch, onChange) {
      log.push("set");
      void guarded(async () => {
        config = { fetch, onChange };
        const token = await fetchToken(fetch, false);
        if (!token) return force();
        give(token, () => {
          log.push("confirmed");
          onChange(true);
          if (!reuse) void guarded(force);
        });
      });
    },
    clearAuth() {
      log.push("clear");
      version += 1;
      identity = null;
      config = null;
    },
    refresh: () => guarded(force),
  };
}

const OUTDATED = new Error("outdated");
