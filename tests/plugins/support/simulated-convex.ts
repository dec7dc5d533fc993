/** Convex and its clients on a simulated clock, as far as tokens go: who refreshes when, and what is verified with which keys. */
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { vi } from "vitest";
import { decode, SITE } from "./app.js";
import type { App, Browser } from "./app.js";

/** Seconds before its end at which Convex's client asks for the next token (convex 1.48). */
const REFRESH_LEEWAY_S = 10;
/** A client's connection breaks this often, and comes back with the token that it has. */
const RECONNECT_MS = 7 * 60_000;

/** What a simulation saw. */
export interface Seen {
  /** Tokens that were verified and accepted. */
  accepted: number;
  /** Tokens that were refused although their key was in good standing. */
  rejected: number;
  /** Tokens that were refused because their key had been withdrawn. */
  withdrawn: number;
  /** When the first and the last of `rejected` were refused, in ms since the start. */
  rejectedBetween: [number, number] | undefined;
  /** Ids of the keys in the order in which they first signed an accepted token. */
  keysUsed: string[];
}

/** One client of Convex with the browser whose cookies it uses. */
interface Client {
  readonly browser: Browser;
  token: string;
  refreshAt: number;
  reconnectAt: number;
}

/**
 * Lets `count` clients live for `hours` on the fake clock. `events` happen at their offset (ms) from the start. Needs
 * `vi.useFakeTimers({ toFake: ["Date"] })`.
 */
export async function simulate(
  app: App,
  {
    count,
    hours,
    events = [],
  }: { count: number; hours: number; events?: [number, () => unknown][] },
): Promise<Seen> {
  const start = Date.now();
  const seen: Seen = {
    accepted: 0,
    rejected: 0,
    withdrawn: 0,
    rejectedBetween: undefined,
    keysUsed: [],
  };
  const verify = createVerifier(app);

  /** What the server does with a token that a client presents. */
  async function authenticate(client: Client): Promise<void> {
    if (await verify(client.token)) {
      seen.accepted += 1;
      const kid = String(decode(client.token).header["kid"]);
      if (!seen.keysUsed.includes(kid)) seen.keysUsed.push(kid);
      return;
    }
    const at = Date.now() - start;
    if (await createVerifier(app)(client.token)) {
      seen.rejected += 1;
      seen.rejectedBetween = [seen.rejectedBetween?.[0] ?? at, at];
    } else seen.withdrawn += 1;
    // Convex's client asks for a fresh token once; the next attempt comes with the next connection.
    client.refreshAt = Math.min(client.refreshAt, Date.now() + 30_000);
  }

  async function refresh(client: Client, query: string): Promise<void> {
    client.token = await client.browser.token(query);
    const { claims } = decode(client.token);
    const validS = Number(claims["exp"]) - Number(claims["iat"]);
    client.refreshAt = Date.now() + (validS - REFRESH_LEEWAY_S) * 1000;
    await authenticate(client);
  }

  const clients: Client[] = [];
  for (let i = 0; i < count; i += 1) {
    const browser = app.browser();
    await browser.signUp(`client-${String(i)}@example.com`);
    // They come one after another, so that their refreshes are spread over a token's life.
    const client = {
      browser,
      token: "",
      refreshAt: 0,
      reconnectAt: Date.now() + ((i + 1) * RECONNECT_MS) / count,
    };
    clients.push(client);
    await refresh(client, "");
    vi.setSystemTime(Date.now() + 800_000 / count);
  }

  const pending = events.map(([offset, happen]) => ({ at: start + offset, happen }));
  const next = (): number =>
    Math.min(
      ...clients.flatMap(({ refreshAt, reconnectAt }) => [refreshAt, reconnectAt]),
      ...pending.map(({ at }) => at),
    );
  for (let now = next(); now < start + hours * 3_600_000; now = next()) {
    vi.setSystemTime(Math.max(now, Date.now()));
    for (const event of pending.filter(({ at }) => at <= now)) {
      pending.splice(pending.indexOf(event), 1);
      await event.happen();
    }
    for (const client of clients) {
      if (client.refreshAt <= now) await refresh(client, "?fresh=1");
      if (client.reconnectAt <= now) {
        client.reconnectAt = now + RECONNECT_MS;
        await authenticate(client);
      }
    }
  }
  return seen;
}

/** Convex's verification: the key set is fetched again when its max-age is over, and for no other reason. */
export function createVerifier(app: App): (token: string) => Promise<boolean> {
  let keySet = createLocalJWKSet({ keys: [] });
  let staleAt = 0;
  return async (token) => {
    if (Date.now() >= staleAt) {
      const response = await app.browser().request("/convex/jwks");
      const maxAge = /max-age=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1];
      staleAt = Date.now() + Number(maxAge) * 1000;
      keySet = createLocalJWKSet(await response.json());
    }
    try {
      const options = { issuer: SITE, audience: "convex", clockTolerance: 5 };
      await jwtVerify(token, keySet, { ...options, currentDate: new Date() });
      return true;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return false;
      throw error;
    }
  };
}
