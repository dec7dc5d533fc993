/** The query by which a page notices that its session is over. */
import type { FunctionReference } from "convex/server";

/** What `sessionState` of `authComponent.clientApi()` answers; null where Convex has no identity of a session. */
export type SessionState = { sessionId: string; live: boolean } | null;

/** The app's own export of `sessionState`, such as `api.auth.sessionState`. */
export type SessionQuery = FunctionReference<
  "query",
  "public",
  Record<string, never>,
  SessionState
>;
