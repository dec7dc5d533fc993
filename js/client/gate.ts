/** Runs the state machine of `auth-machine.ts`: requests, retries and listeners. Knows neither React nor Convex. */
import type { Answer, Failed } from "./answers.js";
import type { AuthEvent, AuthState } from "./auth-machine.js";
import { initialAuthState, sessionIn, step } from "./auth-machine.js";
import { createBackoff } from "./backoff.js";
import { createEndWatch } from "./end-watch.js";
import { createServerClock } from "./server-clock.js";
import type { SessionSnapshotState } from "./session-snapshot.js";
import { readSnapshot } from "./session-snapshot.js";
import { gainsNothing, getTokenExpiry, isTokenExpired, sessionIdOf } from "./token-expiry.js";
import type { RequestToken } from "./token-request.js";
import { createTokenRequests } from "./token-request.js";
import { within } from "./within.js";

/** What a gate needs of its surroundings. */
export interface GateOptions {
  readonly request: RequestToken;
  /** Makes Better Auth ask for the session again; past its caches when they may hold one that is over. */
  readonly refetchSession: (pastCaches: boolean) => void;
  /** Makes Better Auth show that nobody is signed in, without a request where that can be. */
  readonly forgetSession?: (() => void) | undefined;
  /** Requests under way that may replace the session. */
  readonly writes?:
    { readonly settled: () => Promise<void>; readonly recent: () => boolean } | undefined;
  readonly initialToken?: string | null | undefined;
}

/** Auth of one Better Auth client. */
export interface Gate {
  readonly state: () => AuthState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks for a token before the session is known: where there is likely one, the two are asked for side by side. */
  readonly askEarly: () => void;
  /** Takes what Better Auth's session store shows now. */
  readonly observe: (snapshot: SessionSnapshotState) => void;
  /** For Convex's `setAuth`: one identity for life, settles within {@link FETCH_TIMEOUT_MS}, never rejects. */
  readonly fetchToken: (options: { forceRefreshToken: boolean }) => Promise<string | null>;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
  /** Tells that the session of this id is over, as Convex sees it. */
  readonly noteEnded: (sessionId: string) => void;
  /** Tells that Convex lost its identity, or has one. */
  readonly noteConvex: (lost: boolean) => void;
  /** Tells that Convex's socket is up, or has been down for a while. */
  readonly noteSocket: (isUp: boolean) => void;
  /** Tells that a sign-out is being sent, was answered, or came to nothing. */
  readonly noteSignOut: (what: "begun" | "done" | "failed") => void;
  /** Calls back when a token is there that Convex was refused before. */
  readonly onRecovered: (listener: () => void) => () => void;
  /** Stops retries and watches until there is something new. */
  readonly pause: () => void;
}

/** A fetch is over after this, also one that had to wait for another. */
export const FETCH_TIMEOUT_MS = 10_000;
/** So many attempts in vain are no accident. */
const STUCK_AFTER = 3;

/** Makes a gate. Nothing is asked before the first {@link Gate.observe} or {@link Gate.fetchToken}. */
export function createGate(options: GateOptions): Gate {
  let state = initialAuthState(options.initialToken, Date.now());
  const clock = createServerClock();
  let askedAt = 0;
  // Convex got no new token when it wanted one, and does not ask again by itself.
  let owesToken = false;
  // The token that Convex was given last.
  let given: string | null = null;
  // When the session ends by what was told of it.
  let toldEnd: number | null = null;
  // There is no later one for this session: Convex was told to ask no more.
  let isLast = false;
  let failures = 0;
  // How often Convex did not take a token, in a row.
  let refusals = 0;
  let sessionWatch: ReturnType<typeof setTimeout> | undefined;
  let leaveWatch: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const recoveryListeners = new Set<() => void>();
  const tokenRetries = createBackoff();
  const sessionRetries = createBackoff();
  const endWatch = createEndWatch(clock.now, sessionDue);
  const requests = createTokenRequests(
    (fresh, signal) => {
      askedAt = Date.now();
      return options.request(fresh, signal);
    },
    (answer, asked, fresh) => {
      if (answer.kind === "value") clock.learn(answer.value, askedAt, fresh);
      dispatch({ type: "token", answer, asked });
    },
  );

  function dispatch(event: AuthEvent): void {
    const before = state;
    state = step(state, event);
    if (state !== before) changed(event, before);
    if ("answer" in event) count(event.answer);
  }

  function changed(event: AuthEvent, before: AuthState): void {
    const isOther = sessionIn(before) !== sessionIn(state);
    if (isOther) {
      tokenRetries.reset();
      owesToken = false;
      given = null;
      toldEnd = null;
      isLast = false;
      // Better Auth's store learns, too, what the token endpoint told. It has asked for the first session itself.
      if (event.type === "token" && before.session.status !== "unknown") {
        if (state.session.status === "signedOut") forgetSession();
        else options.refetchSession(true);
      }
    }
    watchEnd();
    for (const listener of [...listeners]) listener();
  }

  function forgetSession(): void {
    if (options.forgetSession) options.forgetSession();
    else options.refetchSession(true);
  }

  /** After several failures in a row what fails is not going to pass in a moment. */
  function count({ kind }: Answer<string>): void {
    failures = kind === "failed" ? failures + 1 : 0;
    if (failures >= STUCK_AFTER) dispatch(STUCK);
  }

  function watchEnd(): void {
    // No token outlives its session, so that a later one tells that the session was renewed.
    const ends = Math.max(toldEnd ?? 0, getTokenExpiry(state.token) ?? 0);
    // Where the app does not tell the end, Convex asks when its token ends.
    const isKnown = toldEnd !== null || isLast;
    endWatch.set(sessionIn(state) !== null && isKnown ? ends : null);
  }

  function sessionDue(): void {
    // An answer is on its way in any case.
    if (sessionWatch === undefined && !state.trouble.token && !state.leaving) void recheck(false);
  }

  const usable = (token: string | null, marginMs: number): string | null =>
    isTokenExpired(token, { now: clock.now(), skewMs: marginMs }) ? null : token;

  function retryToken(answer: Answer<string>): void {
    const wish = answer.kind === "failed" ? answer.retryAfterMs : undefined;
    tokenRetries.plan(() => {
      const asked = sessionIn(state);
      if (asked === null) return;
      void requests.ask(true, asked).then((next) => {
        if (sessionIn(state) !== asked) return;
        if (next.kind === "failed") retryToken(next);
        else if (next.kind === "value") recovered();
      });
    }, wish);
  }

  function gotToken(): void {
    // A Convex that refuses every token must not be offered one after the other without a pause.
    if (!state.trouble.convex) tokenRetries.reset();
  }

  function recovered(): void {
    gotToken();
    if (!owesToken) return;
    owesToken = false;
    for (const listener of [...recoveryListeners]) listener();
  }

  async function fetchToken({ forceRefreshToken }: { forceRefreshToken: boolean }) {
    const asked = sessionIn(state);
    if (asked === null) return null;
    if (!forceRefreshToken) {
      const held = usable(state.token, TOKEN_MARGIN_MS);
      if (held !== null) return (given = held);
    }
    const answer = await within(FETCH_TIMEOUT_MS, requests.ask(forceRefreshToken, asked), FAILED);
    if (answer.kind === "value" && state.token === answer.value) {
      gotToken();
      owesToken = false;
      // Convex asks no more when it gets what it has, and this one lives no shorter. The end is watched here.
      isLast = forceRefreshToken && gainsNothing(answer.value, given);
      watchEnd();
      return isLast ? usable(given, 0) : (given = answer.value);
    }
    if (state.session.status === "signedOut") {
      // Convex drops its identity on this null. Protected components unmount first, so that none of their queries is
      // run without one.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return null;
    }
    if (sessionIn(state) === asked && answer.kind === "failed") {
      owesToken = true;
      retryToken(answer);
    }
    // Still signed in: what is held serves until it ends.
    return (given = usable(state.token, 0));
  }

  /** `anew`: Convex is given the new token also while the one that it has is good. */
  async function recheck(anew = true): Promise<void> {
    const asked = sessionIn(state);
    if (asked === null) return;
    if (options.writes) await within(FETCH_TIMEOUT_MS, options.writes.settled(), undefined);
    if (sessionIn(state) !== asked) return;
    const answer = await within(FETCH_TIMEOUT_MS, requests.ask(true, asked), FAILED);
    if (sessionIn(state) !== asked) return;
    owesToken ||= anew || answer.kind === "failed" || usable(given, TOKEN_MARGIN_MS) === null;
    if (answer.kind === "value") recovered();
    else retryToken(answer);
  }

  function watchSession(): void {
    sessionWatch ??= setTimeout(() => {
      sessionWatch = undefined;
      sessionFailed(FAILED);
    }, FETCH_TIMEOUT_MS);
  }

  function sessionFailed(answer: Failed): void {
    dispatch({ type: "session", answer });
    const attempt = (): void => {
      options.refetchSession(false);
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
    askEarly() {
      if (state.session.status === "unknown") void requests.ask(false, null);
    },
    observe(snapshot) {
      const { held, answer, endsAt } = readSnapshot(snapshot);
      if (held !== null && state.session.status === "unknown")
        dispatch({ type: "session", answer: { kind: "value", value: held } });
      if (answer === null) return watchSession();
      clearTimeout(sessionWatch);
      sessionWatch = undefined;
      if (answer.kind === "failed") return sessionFailed(answer);
      sessionRetries.reset();
      const isBack = state.trouble.session;
      dispatch({ type: "session", answer });
      toldEnd = endsAt;
      watchEnd();
      if (isBack) tokenRetries.hurry();
    },
    fetchToken,
    recheck: () => recheck(),
    noteEnded(sessionId) {
      const asked = sessionIn(state);
      if (asked === null || (asked !== sessionId && sessionIdOf(state.token) !== sessionId)) return;
      if (options.writes?.recent()) void recheck();
      else dispatch({ type: "token", answer: SIGNED_OUT, asked });
    },
    noteConvex(lost) {
      const wasLost = state.trouble.convex;
      dispatch({ type: "convex", lost });
      if (state.trouble.convex) {
        owesToken = true;
        refusals += 1;
        if (refusals >= STUCK_AFTER) dispatch(STUCK);
        retryToken(FAILED);
        return;
      }
      refusals = 0;
      if (wasLost) tokenRetries.reset();
    },
    noteSocket(isUp) {
      const wasDown = state.trouble.socket;
      dispatch({ type: "socket", down: !isUp });
      // What can reach Convex again can most likely reach its site.
      if (!isUp || !wasDown) return;
      sessionRetries.hurry();
      tokenRetries.hurry();
    },
    noteSignOut(what) {
      clearTimeout(leaveWatch);
      const asked = sessionIn(state);
      if (what === "done") return dispatch({ type: "token", answer: SIGNED_OUT, asked });
      dispatch({ type: "leaving", is: what === "begun" });
      if (what === "begun")
        leaveWatch = setTimeout(() => {
          dispatch({ type: "session", answer: FAILED });
        }, FETCH_TIMEOUT_MS);
    },
    onRecovered(listener) {
      recoveryListeners.add(listener);
      return () => void recoveryListeners.delete(listener);
    },
    pause() {
      clearTimeout(sessionWatch);
      clearTimeout(leaveWatch);
      sessionWatch = undefined;
      endWatch.set(null);
      tokenRetries.reset();
      sessionRetries.reset();
    },
  };
}

/** A token this close to its end is not worth handing out. */
const TOKEN_MARGIN_MS = 10_000;

const FAILED: Failed = { kind: "failed" };
const SIGNED_OUT: Answer<never> = { kind: "signedOut" };
const STUCK: AuthEvent = { type: "stuck" };
