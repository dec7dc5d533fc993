/** Runs the state machine of `auth-machine.ts`: requests, retries and listeners. Knows neither React nor Convex. */
import type { Answer, Failed } from "./answers.js";
import type { AuthEvent, AuthState, SessionKnowledge } from "./auth-machine.js";
import { initialAuthState, sessionIn, step } from "./auth-machine.js";
import { createBackoff } from "./backoff.js";
import { createEndWatch } from "./end-watch.js";
import type { Pending } from "./pending.js";
import { startPending } from "./pending.js";
import type { CameToken } from "./session-tokens.js";
import type { SessionSnapshotState } from "./session-snapshot.js";
import { readSnapshot } from "./session-snapshot.js";
import { sessionIdOf } from "./token-expiry.js";
import type { RequestToken } from "./token-request.js";
import type { TokenSupply } from "./token-supply.js";
import { createTokenSupply, FETCH_TIMEOUT_MS } from "./token-supply.js";
import type { WriteWatch } from "./write-watch.js";

/** What a gate needs of its surroundings. */
export interface GateOptions {
  readonly request: RequestToken;
  /** Makes Better Auth ask for the session again; past its caches when they may hold one that is over. */
  readonly refetchSession: (pastCaches: boolean) => void;
  /** Makes Better Auth show that nobody is signed in. By default it asks past its caches. */
  readonly forgetSession?: (() => void) | undefined;
  /** Requests that may replace the session. */
  readonly writes?: Pick<WriteWatch, "settled" | "recent"> | undefined;
  readonly initialToken?: string | null | undefined;
  /** What the server that rendered the page said of the session. */
  readonly initialSession?: SessionKnowledge["status"] | undefined;
}

/** Auth of one Better Auth client. */
export interface Gate extends Pick<TokenSupply, "fetchToken" | "onRecovered"> {
  readonly state: () => AuthState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes the token of an earlier visit, unless the session is known by now. */
  readonly adopt: (token: string) => void;
  /** Whether a token is to come with the next session. */
  readonly wantsToken: () => boolean;
  /** Takes what Better Auth's session store shows now, and the token that came with it. */
  readonly observe: (snapshot: SessionSnapshotState, came?: CameToken) => void;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
  /** Tells that the session of this id is over, as Convex sees it. */
  readonly noteEnded: (sessionId: string) => void;
  /** Tells that Convex lost its identity, or has one. */
  readonly noteConvex: (lost: boolean) => void;
  /** Tells that Convex's socket is up, or has been down for a while. */
  readonly noteSocket: (isUp: boolean) => void;
  /** Tells that the device woke up, or that its network is back. */
  readonly noteAwake: () => void;
  /** Tells that a sign-out is being sent, was answered, or came to nothing. */
  readonly noteSignOut: (what: "begun" | "done" | "failed") => void;
  /** Stops retries and watches until there is something new. */
  readonly pause: () => void;
}

/** So many attempts in vain are no accident. */
const STUCK_AFTER = 3;

/** A device that wakes up asks for the session again, but not more often than this. */
const CALM_MS = 5_000;

/** Makes a gate. Nothing is asked before the first {@link Gate.observe} or `fetchToken`. */
export function createGate(options: GateOptions): Gate {
  const { refetchSession, forgetSession = () => refetchSession(true), writes } = options;
  let state = initialAuthState(options.initialToken, Date.now(), options.initialSession);
  // When the session ends by what was told of it last, on the server's clock.
  let endsAt: number | undefined;
  let isPaused = false;
  let readAt = 0;
  // Answers that were none, and tokens that Convex did not take, each in a row.
  let failures = 0;
  let refusals = 0;
  // The session is being asked for.
  let pending: Pending | undefined;
  let sessionWatch: ReturnType<typeof setTimeout> | undefined;
  let leaveWatch: ReturnType<typeof setTimeout> | undefined;
  // The session that a sign-out is being sent for.
  let left: string | null = null;
  const listeners = new Set<() => void>();
  const sessionRetries = createBackoff();
  const tokens = createTokenSupply({
    request: options.request,
    state: () => state,
    dispatch,
    endsAt: () => endsAt,
    isPaused: () => isPaused,
    settled: writes?.settled,
    answered: () => pending?.promise ?? Promise.resolve(),
  });
  const endWatch = createEndWatch(tokens.clock.now, sessionDue);

  function dispatch(event: AuthEvent): void {
    const before = state;
    state = step(state, event);
    if (state !== before) changed(event, before);
    if (!("answer" in event)) return;
    const { answer } = event;
    // A token that was of no use may be another session's.
    if (answer.kind === "value" && (event.type === "session" || answer.value === state.token))
      endsAt = answer.endsAt ?? endsAt;
    watchEnd();
    failures = answer.kind === "failed" ? failures + 1 : 0;
    if (failures >= STUCK_AFTER) dispatch(STUCK);
  }

  function changed(event: AuthEvent, before: AuthState): void {
    if (sessionIn(before) !== sessionIn(state)) {
      tokens.startOver();
      endsAt = undefined;
      // Better Auth's store learns, too, what the token endpoint told. It has asked for the first session itself.
      if (event.type === "token" && before.session.status !== "unknown") {
        if (state.session.status === "signedOut") forgetSession();
        else refetchSession(true);
      }
    }
    for (const listener of [...listeners]) listener();
  }

  function watchEnd(): void {
    // Before the first answer Convex asks when its token ends.
    const isWatched = sessionIn(state) !== null && !isPaused;
    endWatch.set(isWatched ? (endsAt ?? null) : null);
  }

  function sessionDue(): void {
    // Otherwise an answer is on its way.
    if (sessionWatch === undefined && !state.trouble.token && !state.leaving)
      void tokens.recheck(false);
  }

  function watchSession(): void {
    sessionWatch ??= setTimeout(() => {
      sessionAnswered();
      sessionFailed(FAILED);
    }, FETCH_TIMEOUT_MS);
  }

  function sessionAnswered(): void {
    clearTimeout(sessionWatch);
    sessionWatch = undefined;
    pending?.end();
    pending = undefined;
  }

  function sessionFailed(answer: Failed): void {
    dispatch({ type: "session", answer });
    const attempt = (): void => {
      refetchSession(false);
      // A store that was waiting already shows nothing new when it asks again.
      watchSession();
    };
    sessionRetries.plan(attempt, answer.retryAfterMs);
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    adopt(token) {
      if (tokens.isGood(token)) dispatch({ type: "kept", token });
    },
    // What the page began with is compared, and so is what a request may have changed.
    wantsToken: () =>
      readAt === 0 || !tokens.isGood(state.token) || (writes?.recent(readAt) ?? false),
    observe(snapshot, came) {
      if (isPaused) {
        isPaused = false;
        if (state.trouble.token) void tokens.recheck(false);
      }
      const { held, answer } = readSnapshot(snapshot, came?.sessionExpiresAt);
      if (came?.now !== undefined) tokens.clock.learn(came.now, came.askedAt);
      if (answer === null) pending ??= startPending();
      if (held !== null && state.session.status === "unknown")
        dispatch({ type: "session", answer: { kind: "value", value: held }, token: came?.token });
      if (answer === null) return watchSession();
      sessionAnswered();
      if (answer.kind === "failed") return sessionFailed(answer);
      sessionRetries.reset();
      readAt = Date.now();
      const isBack = state.trouble.session;
      dispatch({ type: "session", answer, token: came?.token });
      if (came) tokens.came();
      if (isBack) tokens.hurry();
    },
    fetchToken: tokens.fetchToken,
    onRecovered: tokens.onRecovered,
    recheck: () => tokens.recheck(true),
    noteEnded(sessionId) {
      const asked = sessionIn(state);
      if (asked === null || (asked !== sessionId && sessionIdOf(state.token) !== sessionId)) return;
      // The server is asked only where another session may have taken its place.
      if (writes?.recent(readAt)) void tokens.recheck(true);
      else dispatch({ type: "token", answer: SIGNED_OUT, asked });
    },
    noteConvex(lost) {
      const wasLost = state.trouble.convex;
      dispatch({ type: "convex", lost });
      if (state.trouble.convex) {
        refusals += 1;
        if (refusals >= STUCK_AFTER) dispatch(STUCK);
        return tokens.refused();
      }
      refusals = 0;
      if (wasLost) tokens.rest();
    },
    noteSocket(isUp) {
      const wasDown = state.trouble.socket;
      dispatch({ type: "socket", down: !isUp });
      // What can reach Convex again can most likely reach its site.
      if (!isUp || !wasDown) return;
      sessionRetries.hurry();
      tokens.hurry();
    },
    noteAwake() {
      sessionRetries.hurry();
      tokens.hurry();
      // Before the first answer it is on its way. A request from before a sleep is best replaced.
      const isDue = readAt > 0 && Date.now() - readAt > CALM_MS;
      if (isDue && !state.trouble.session) refetchSession(false);
    },
    noteSignOut(what) {
      clearTimeout(leaveWatch);
      if (what === "begun") left = sessionIn(state);
      // Another one may have begun meanwhile.
      if (what === "done") return dispatch({ type: "token", answer: SIGNED_OUT, asked: left });
      dispatch({ type: "leaving", is: what === "begun" });
      if (what === "failed" && state.trouble.session) refetchSession(false);
      if (what === "begun")
        leaveWatch = setTimeout(() => {
          dispatch({ type: "session", answer: FAILED });
        }, FETCH_TIMEOUT_MS);
    },
    pause() {
      isPaused = true;
      sessionAnswered();
      clearTimeout(leaveWatch);
      endWatch.set(null);
      tokens.rest();
      sessionRetries.reset();
    },
  };
}

const FAILED: Failed = { kind: "failed" };
const SIGNED_OUT: Answer<never> = { kind: "signedOut" };
const STUCK: AuthEvent = { type: "stuck" };
