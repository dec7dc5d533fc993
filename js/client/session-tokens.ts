/** Tokens that come with sessions, and what plugins and providers of one Better Auth client tell each other about them. */
import { perClient } from "./per-client.js";

/** A JWT that came with a session. Times in ms since the epoch, the first two by the server's clock where it told them. */
export interface CameToken {
  readonly token: string;
  readonly now: number | undefined;
  readonly sessionExpiresAt: number | undefined;
  /** When it was asked for, by the device's clock. */
  readonly askedAt: number;
}

/** By the body of the answer, which Better Auth's store shows as it is: what comes with one session is never taken for another's. */
const came = new WeakMap<object, CameToken>();

/** Keeps what came with an answer about the session. */
export function noteToken(body: unknown, token: CameToken): void {
  if (typeof body === "object" && body !== null) came.set(body, token);
}

/** What came with the session that the store shows. */
export function tokenWith(data: unknown): CameToken | undefined {
  return typeof data === "object" && data !== null ? came.get(data) : undefined;
}

/** Where the token of an earlier visit may be: beside the cookies, where the page keeps those itself. */
export interface KeptToken {
  /** The token of the session that the cookies are of; null where there is none that lives. Never rejects. */
  readonly read: () => Promise<string | null>;
  readonly forget: () => void;
}

/** What is told. */
export interface SessionTokens {
  /** Whether a token is to come with the next session; it is where no provider says otherwise. */
  isWanted?: (() => boolean) | undefined;
  kept?: KeptToken | undefined;
}

/** The tokens of the client with this fetch. */
export const sessionTokensOf: (clientFetch: object) => SessionTokens = perClient(() => ({}));
