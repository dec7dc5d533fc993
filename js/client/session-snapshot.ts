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

/** Reads a snapshot. */
export function readSnapshot(snapshot: SessionSnapshotState): SessionReading {
  const { data, error } = snapshot;
  const held = sessionIdIn(data);
  if (snapshot.isPending || snapshot.isRefetching === true) return { held, answer: null };
  if (error) return { held, answer: meaningOf(error) };
  if (held !== null) return { held, answer: { kind: "value", value: held } };
  return { held, answer: { kind: isEmpty(data) ? "signedOut" : "failed" } };
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
