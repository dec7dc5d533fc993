/** What fails and is being tried again. None of it says anything about the session. */
import type { Failed } from "./answers.js";

/** Where the last attempt failed. */
export interface Trouble {
  /** The session could not be read. */
  readonly session: boolean;
  /** No token could be had. */
  readonly token: boolean;
  /** Convex has no identity although there is a session. */
  readonly convex: boolean;
  /** Convex's socket is down. */
  readonly socket: boolean;
  /** It was tried several times. */
  readonly stuck: boolean;
  /** How the last request failed. */
  readonly failure: Failed | null;
}

/**
 * Why auth is degraded: Convex's socket is down (`offline`); the auth endpoints give no answer that the page may read
 * although Convex does (`unreachable`); they answer with an error (`server`); Convex does not take the session's token
 * (`refused`).
 */
export type DegradedReason = "offline" | "unreachable" | "server" | "refused";

/** All is well. */
export const NO_TROUBLE: Trouble = {
  session: false,
  token: false,
  convex: false,
  socket: false,
  stuck: false,
  failure: null,
};

/** Why auth is degraded, or null when it is not. */
export function reasonOf({
  session,
  token,
  convex,
  socket,
  failure,
}: Trouble): DegradedReason | null {
  if ((session || token) && failure?.status !== undefined) return "server";
  if (socket) return "offline";
  if (session || token) return "unreachable";
  return convex ? "refused" : null;
}

/** Whether both are the same to whoever looks. */
export function sameTrouble(one: Trouble, other: Trouble): boolean {
  return (
    one.session === other.session &&
    one.token === other.token &&
    one.convex === other.convex &&
    one.socket === other.socket &&
    one.stuck === other.stuck &&
    one.failure?.status === other.failure?.status &&
    one.failure?.told === other.failure?.told
  );
}

/**
 * What a developer is told when it does not pass, as each of these may come of the set-up. Null where it does not.
 *
 * @param origin The page's, where there is one.
 */
export function adviceFor(
  reason: DegradedReason | null,
  failure: Failed | null,
  origin: string | undefined,
): string | null {
  const doctor = "`npx convex-gate doctor`";
  switch (reason) {
    case "unreachable": {
      const what = "The auth endpoints give no answer, Convex does. Is";
      return origin === undefined
        ? `${what} the auth client's baseURL the deployment's site? See ${doctor}.`
        : `${what} SITE_URL this page's origin? Run \`npx convex env set SITE_URL ${origin}\`, then ${doctor}.`;
    }
    case "server":
      return `The auth endpoints answer ${failure?.told ?? String(failure?.status)}. See \`npx convex logs\` and ${doctor}.`;
    case "refused":
      return `Convex does not take the session's token. Unless the signing keys have just changed, convex/auth.config.ts may name others: ${doctor}.`;
    default:
      return null;
  }
}
