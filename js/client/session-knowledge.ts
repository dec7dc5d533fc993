/** What is known of the session: signed in, signed out, or not known. Pure. */
import type { FetchError } from "./answers.js";
import { meaningOf } from "./answers.js";

/** Three values, since "not known" must never be shown as "signed out". */
export type SessionKnowledge =
  { status: "unknown" } | { status: "signedIn"; sessionId: string } | { status: "signedOut" };

/** A snapshot of Better Auth's session store. */
export interface SessionSnapshotState {
  data: { session: { id: string } } | null | undefined;
  error?: FetchError | null | undefined;
  isPending: boolean;
}

/** What is known after a snapshot, given what was known before. Gives `before` itself when nothing changed. */
export function learn(
  before: SessionKnowledge,
  { data, error, isPending }: SessionSnapshotState,
): SessionKnowledge {
  if (data) {
    const sessionId = data.session.id;
    const same = before.status === "signedIn" && before.sessionId === sessionId;
    return same ? before : { status: "signedIn", sessionId };
  }
  // Only an answer says that there is no session: not a request under way, and not one that failed.
  if (isPending || (error && meaningOf(error).kind === "failed")) return before;
  return before.status === "signedOut" ? before : { status: "signedOut" };
}
