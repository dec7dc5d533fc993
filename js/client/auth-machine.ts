/** What is known of the session and its token, and how answers change it. Pure: no clock, no timers, no requests. */
import type { Answer } from "./answers.js";
import { isUnnamed } from "./session-name.js";
import { getTokenExpiry, isTokenExpired, sessionIdOf } from "./token-expiry.js";
import type { Trouble } from "./trouble.js";
import { NO_TROUBLE, sameTrouble } from "./trouble.js";

/** Three values, since "not known" must never be shown as "signed out". */
export type SessionKnowledge =
  | { readonly status: "unknown" }
  | { readonly status: "signedIn"; readonly sessionId: string }
  | { readonly status: "signedOut" };

/** Everything that is known. */
export interface AuthState {
  readonly session: SessionKnowledge;
  /** The JWT of that session, which may have expired. */
  readonly token: string | null;
  readonly trouble: Trouble;
  /** What stands for this session in answers that do not tell its id, if there was such an answer. */
  readonly toldAs: string | null;
  /** A sign-out is being sent: what is protected goes first. */
  readonly leaving: boolean;
  /** The page began with this session's token, from its server or an earlier visit, and nothing has spoken against it. */
  readonly rendered: boolean;
  /** The session that a 401 ended. Caches on the way may go on reporting it for a while. */
  readonly endedSessionId: string | null;
}

/** What may happen. `asked` is the session that a token was asked for. */
export type AuthEvent =
  | {
      readonly type: "session";
      readonly answer: Answer<string>;
      /** The JWT that came with the session. */
      readonly token?: string | undefined;
    }
  | { readonly type: "kept"; readonly token: string }
  | { readonly type: "token"; readonly answer: Answer<string>; readonly asked: string | null }
  | { readonly type: "convex"; readonly lost: boolean }
  | { readonly type: "socket"; readonly down: boolean }
  | { readonly type: "stuck" }
  | { readonly type: "leaving"; readonly is: boolean };

const SIGNED_OUT: SessionKnowledge = { status: "signedOut" };

/**
 * The state before any answer. A token that a server rendered the page with tells the session at once, and so does what the
 * server said: that nobody was signed in, or that it got no answer either. What it rendered for somebody is rendered again
 * whatever this device's clock says of the token, since a page that differs from the server's is thrown away.
 */
export function initialAuthState(
  token: string | null | undefined,
  now: number,
  said?: SessionKnowledge["status"],
): AuthState {
  const isOver = said !== "signedIn" && isTokenExpired(token, { now });
  const live = isOver ? null : (token ?? null);
  const sessionId = sessionIdOf(live);
  const nobody: SessionKnowledge = said === "signedOut" ? SIGNED_OUT : { status: "unknown" };
  return {
    session: sessionId === null ? nobody : { status: "signedIn", sessionId },
    token: sessionId === null ? null : live,
    trouble: said === "unknown" ? { ...NO_TROUBLE, session: true } : NO_TROUBLE,
    toldAs: null,
    leaving: false,
    rendered: sessionId !== null,
    endedSessionId: null,
  };
}

/** The session that is signed in, by its id or what stands for one, or null. */
export function sessionIn(state: AuthState): string | null {
  return state.session.status === "signedIn" ? state.session.sessionId : null;
}

/** The id of that session, of one whose id is not told what its token says; null where that is not known. */
export function sessionIdIn(state: AuthState): string | null {
  const session = sessionIn(state);
  return isUnnamed(session) ? sessionIdOf(state.token) : session;
}

/** The state after an event. Gives `state` itself when nothing changed. */
export function step(state: AuthState, event: AuthEvent): AuthState {
  switch (event.type) {
    case "session":
      return withToken(afterSession(state, event.answer), event.token);
    case "kept": {
      const owner = sessionIdOf(event.token);
      return state.session.status === "unknown" && owner !== null
        ? { ...signedIn(state, owner), token: event.token, rendered: true }
        : state;
    }
    case "token":
      return afterToken(state, event.answer, event.asked);
    case "convex": {
      const lost = event.lost && state.session.status === "signedIn";
      return withTrouble(lost ? unrendered(state) : state, { convex: lost });
    }
    case "socket":
      return withTrouble(state, { socket: event.down });
    case "stuck":
      return withTrouble(state, { stuck: true });
    case "leaving": {
      const leaving = event.is && state.session.status === "signedIn";
      return leaving === state.leaving ? state : { ...unrendered(state), leaving };
    }
  }
}

/** From now on only Convex tells that the session is confirmed. */
function unrendered(state: AuthState): AuthState {
  return state.rendered ? { ...state, rendered: false } : state;
}

function afterSession(state: AuthState, answer: Answer<string>): AuthState {
  switch (answer.kind) {
    case "failed":
      return withTrouble(state, { session: true, failure: answer });
    case "signedOut": {
      // Of a session without an id only the user is remembered, who may come back with another.
      const ended = state.endedSessionId;
      return signedOut(state, isUnnamed(ended) ? null : ended);
    }
    case "value": {
      const known = asTold(state, answer.value);
      return known ? withTrouble(known, { session: false }) : signedIn(state, answer.value);
    }
  }
}

/** The state, if an answer about the session tells of the one that is known, or of one that has ended. */
function asTold(state: AuthState, session: string): AuthState | null {
  const current = sessionIn(state);
  if (session === current || session === state.endedSessionId) return state;
  if (current === null || !isUnnamed(session) || isUnnamed(current)) return null;
  // The id of this session is known from its token: the first answer without one is about it.
  if (state.toldAs === null) return { ...state, toldAs: session };
  return state.toldAs === session ? state : null;
}

function afterToken(state: AuthState, answer: Answer<string>, asked: string | null): AuthState {
  const current = sessionIn(state);
  if (answer.kind === "value") {
    if (current === null) return state;
    if (isUnnamed(current))
      return asked === current
        ? withTrouble({ ...state, token: answer.value }, { token: false })
        : state;
    const owner = sessionIdOf(answer.value) ?? current;
    // A token that is late and belongs to a session which was left meanwhile is of no use. One that answers for the
    // session of today with another's token tells that the session changed, as another tab may change it.
    if (owner !== current && (asked !== current || owner === state.endedSessionId)) return state;
    const next = owner === current ? state : signedIn(state, owner);
    return withTrouble({ ...next, token: answer.value }, { token: false });
  }
  if (current === null || asked !== current) return state;
  return answer.kind === "failed"
    ? withTrouble(state, { token: true, failure: answer })
    : signedOut(state, current);
}

/** The state with the token that came with its session, unless it has one that lives longer. */
function withToken(state: AuthState, token: string | undefined): AuthState {
  const current = sessionIn(state);
  if (token === undefined || token === state.token || current === null) return state;
  if (!isUnnamed(current) && sessionIdOf(token) !== current) return state;
  if ((getTokenExpiry(state.token) ?? 0) > (getTokenExpiry(token) ?? 0)) return state;
  return withTrouble({ ...state, token }, { token: false });
}

function signedIn(state: AuthState, sessionId: string): AuthState {
  return {
    ...state,
    session: { status: "signedIn", sessionId },
    token: sessionIdOf(state.token) === sessionId ? state.token : null,
    trouble: ofSocket(state),
    toldAs: null,
    leaving: false,
    rendered: false,
  };
}

function signedOut(state: AuthState, endedSessionId: string | null): AuthState {
  if (state.session.status === "signedOut")
    return withTrouble(
      endedSessionId === state.endedSessionId ? state : { ...state, endedSessionId },
      ofSocket(state),
    );
  return {
    session: SIGNED_OUT,
    token: null,
    trouble: ofSocket(state),
    toldAs: null,
    leaving: false,
    rendered: false,
    endedSessionId,
  };
}

/** Whatever the server answers about sessions, the socket is as it was. */
function ofSocket({ trouble }: AuthState): Trouble {
  return { ...NO_TROUBLE, socket: trouble.socket };
}

function withTrouble(state: AuthState, change: Partial<Trouble>): AuthState {
  const { stuck, failure, ...where } = { ...state.trouble, ...change };
  // What was tried in vain until now works again.
  const isOver = !(where.session || where.token || where.convex);
  const trouble = { ...where, stuck: stuck && !isOver, failure: isOver ? null : failure };
  return sameTrouble(trouble, state.trouble) ? state : { ...state, trouble };
}
