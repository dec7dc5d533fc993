/** Tokens that come with sessions, and what plugins and providers of one Better Auth client tell each other about them. */
import { perClient } from "./per-client.js";

/** A JWT that came with a session. Times in ms since the epoch, the first two by the server's clock where it told them. */
export interface CameToken {
  readonly token: string;
  readonly now?: number | undefined;
  readonly sessionExpiresAt?: number | undefined;
  /** When it was asked for, by the device's clock. */
  readonly askedAt: number;
}

/** Where the token of an earlier visit may be: beside the cookies, where the page keeps those itself. */
export interface KeptToken {
  /** The token of the session that the cookies are of; null where there is none that lives. Never rejects. */
  readonly read: () => Promise<string | null>;
  readonly forget: () => void;
}

/** What is told. */
export interface SessionTokens {
  /** What came last, with the body of its answer as text. */
  came?: (CameToken & { readonly body: string }) | undefined;
  /** Whether a token is to come with the next session; it is where no provider says otherwise. */
  isWanted?: (() => boolean) | undefined;
  kept?: KeptToken | undefined;
}

/** The tokens of the client with this fetch. */
export const sessionTokensOf: (clientFetch: object) => SessionTokens = perClient(() => ({}));

/**
 * What came with the session that the store shows. Better Auth's store keeps the object that it has where an answer says the
 * same (1.7), so it is the text that tells.
 */
export function tokenWith({ came }: SessionTokens, data: unknown): CameToken | undefined {
  return came?.body === JSON.stringify(data) ? came : undefined;
}
