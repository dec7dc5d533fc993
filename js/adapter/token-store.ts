/** What the `convex()` plugin needs of the component beyond Better Auth's adapter: sessions, keys and cached tokens. */
import { GateError } from "../errors/index.js";
import { carriedBy } from "./carried.js";

/** A signing key as stored; `privateKey` is encrypted with the app's secret. Times in ms. */
export interface StoredKey {
  id: string;
  alg: "RS256" | "ES256";
  /** The public JWK as JSON text. */
  publicKey: string;
  /** The private JWK as text, encrypted by the app. */
  privateKey: string;
  createdAt: number;
  expiresAt?: number | null;
  retiredAt?: number | null;
}

/** A signed JWT kept for its session. Times in ms. */
export interface CachedToken {
  token: string;
  keyId: string;
  issuedAt: number;
  expiresAt: number;
}

/** A signed JWT and whose it is. */
export interface TokenEntry extends CachedToken {
  sessionId: string;
  userId: string;
}

/** All that the token endpoint needs, read in one component query. Dates of the records are ms. */
export interface TokenContext {
  session: Record<string, unknown>;
  user: Record<string, unknown>;
  cached: CachedToken | null;
  keys: StoredKey[];
}

/** Sessions, keys and cached tokens of the component, as one request sees them. */
export interface TokenStore {
  /** False in a Convex query, where nothing can be stored. */
  readonly writable: boolean;
  /** The session of a session token, its user, its cached JWT and all keys; null when there is no such session. */
  tokenContext(sessionToken: string): Promise<TokenContext | null>;
  /** Keeps a signed token; false when its session was revoked meanwhile. */
  storeToken(entry: TokenEntry): Promise<boolean>;
  /**
   * Runs `renew`, in which Better Auth updates the session. The update and the token that `tokenOf` makes of the updated row,
   * if it makes one, are written in one mutation. Throws `CONFLICT`, and nothing is written, where the session is not the
   * one that was read any more. Absent where nothing can be written.
   */
  renewing?<T>(
    session: TokenContext["session"],
    tokenOf: (session: TokenContext["session"]) => Promise<TokenEntry | null>,
    renew: () => Promise<T>,
  ): Promise<T>;
  /** Every key, newest first. */
  listKeys(): Promise<StoredKey[]>;
  /**
   * Adds a key if the newest still is `expectNewest`, and gives all keys: of concurrent callers one wins. With
   * `retireOthersAt` (ms) the others sign no more from then on, in the same transaction.
   */
  addKey(
    key: StoredKey,
    expectNewest: string | null,
    retireOthersAt?: number,
  ): Promise<StoredKey[]>;
  /** Marks a key as no longer signing from `retiredAt` (ms) on; of two times the earlier one stands. */
  retireKey(id: string, retiredAt: number): Promise<StoredKey[]>;
  /** Notes what the fast lane of the routes at `place` has to know. Absent where there is no such place to note it. */
  noteLane?(place: string, text: string, notedAt: number): Promise<void>;
}

/**
 * The token store of a Better Auth adapter made by convex-gate.
 *
 * @throws GateError `ADAPTER_MISSING` when the app uses another adapter.
 */
export function tokenStoreOf(adapter: unknown): TokenStore {
  const tokens = carriedBy(adapter, "tokens");
  if (tokens !== undefined) return tokens as TokenStore;
  throw new GateError(
    "ADAPTER_MISSING",
    "the `convex()` plugin needs convex-gate's adapter: set `database: authComponent.adapter(ctx)`",
  );
}
