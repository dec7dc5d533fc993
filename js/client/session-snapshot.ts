/** Reads what Better Auth's session store shows, which is a mixture of data, errors and requests under way. */
import type { Answer, FetchError } from "./answers.js";
import { meaningOf } from "./answers.js";
import { sessionOfUser } from "./session-name.js";

/** A snapshot of Better Auth's session store. What `data` is when a proxy answered with a page of its own, nobody knows. */
export interface SessionSnapshotState {
  readonly data: unknown;
  readonly error?: FetchError | null | undefined;
  readonly isPending: boolean;
  readonly isRefetching?: boolean | undefined;
}

/** What a snapshot tells. Sessions go by their ids; see {@link sessionOfUser} for those that the app does not tell. */
export interface SessionReading {
  /** The session that the store holds, if it is one. It may be older than the answer. */
  readonly held: string | null;
  /** What the last request answered; null while one is under way. */
  readonly answer: Answer<string> | null;
}

/** Reads a snapshot. `endsAt`, in ms since the epoch, is when its session ends where it does not tell. */
export function readSnapshot(snapshot: SessionSnapshotState, endsAt?: number): SessionReading {
  const { data, error } = snapshot;
  const held = sessionIdIn(data);
  return { held, answer: answerIn() };

  function answerIn(): Answer<string> | null {
    if (snapshot.isPending || snapshot.isRefetching === true) return null;
    if (error) return meaningOf(error);
    if (held !== null) return { kind: "value", value: held, endsAt: endIn(data) ?? endsAt };
    // Something did answer, which is not what Better Auth says.
    return isEmpty(data) ? { kind: "signedOut" } : { kind: "failed", status: 200 };
  }
}

/** Better Auth's clients make dates of times; what an app's own fetch options parse may be text. */
function endIn(data: unknown): number | undefined {
  const session = isRecord(data) ? data["session"] : undefined;
  const end = isRecord(session) ? session["expiresAt"] : undefined;
  const at = end instanceof Date || typeof end === "string" ? new Date(end).getTime() : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** An app's `customSession` may answer with anything. Whoever is told a user is signed in. */
function sessionIdIn(data: unknown): string | null {
  if (!isRecord(data)) return null;
  const { session, user } = data;
  const id = isRecord(session) ? session["id"] : undefined;
  if (typeof id === "string" && id !== "") return id;
  if (!isRecord(user)) return null;
  return sessionOfUser(typeof user["id"] === "string" ? user["id"] : "");
}

/** The ways in which Better Auth says that there is no session. Anything else that is no session is no answer. */
function isEmpty(data: unknown): boolean {
  return data === null || (isRecord(data) && data["session"] === null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
