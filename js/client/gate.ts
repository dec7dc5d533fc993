/** Runs the state machine of `auth-machine.ts`: requests, retries and listeners. Knows neither React nor Convex. */
import type { Answer } from "./answers.js";
import type { AuthEvent, AuthState } from "./auth-machine.js";
import { initialAuthState, sessionIn, step } from "./auth-machine.js";
import { createBackoff } from "./backoff.js";
import type { SessionSnapshotState } from "./session-snapshot.js";
import { readSnapshot } from "./session-snapshot.js";
import { getTokenIssue, isTokenExpired } from "./token-expiry.js";
import type { RequestToken } from "./token-request.js";
import { createTokenRequests } from "./token-request.js";

/** What a gate needs of its surroundings. */
export interface GateOptions {
  readonly request: RequestToken;
  /** Makes Better Auth ask for the session again; past its caches when they may hold one that is over. */
  readonly refetchSession: (pastCaches: boolean) => void;
  /** Settles when no request is under way that may replace the session. Never rejects. */
  readonly settled?: (() => Promise<void>) | undefined;
  readonly initialToken?: string | null | undefined;
}

/** Auth of one Better Auth client. */
export interface Gate {
  readonly state: () => AuthState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes what Better Auth's session store shows now. */
  readonly observe: (snapshot: SessionSnapshotState) => void;
  /** For Convex's `setAuth`: one identity for life, settles within {@link FETCH_TIMEOUT_MS}, never rejects. */
  readonly fetchToken: (options: { forceRefreshToken: boolean }) => Promise<string | null>;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
  /** Tells that Convex lost its identity, or has one. */
  readonly noteConvex: (lost: boolean) => void;
  /** Tells that a sign-out is being sent, or came to nothing. It ends with the next answer about the session. */
  readonly noteSignOut: (begun: boolean) => void;
  /** Calls back when a token is there that Convex was refused before. */
  readonly onRecovered: (listener: () => void) => () => void;
  /** Stops retries and watches until there is something new. */
  readonly pause: () => void;
}

/** A fetch is over after this, also one that had to wait for another. */
export const FETCH_TIMEOUT_MS = 10_000;

const STAY: AuthEvent = { type: "leaving", is: false };

/** Makes a gate. Nothing is asked before the first {@link Gate.observe} or {@link Gate.fetchToken}. */
export function createGate(options: GateOptions): Gate {
  let state = initialAuthState(options.initialToken, Date.now());
  // Server time minus ours, for devices whose clock is wrong.
  let skewMs = 0;
  // Convex got no new token when it wanted one, and does not ask again by itself.
  let owesToken = false;
  let sessionWatch: ReturnType<typeof setTimeout> | undefined;
  let leaveWatch: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const recoveryListeners = new Set<() => void>();
  const tokenRetries = createBackoff();
  const sessionRetries = createBackoff();
  const requests = createTokenRequests(options.request, (answer, asked, fresh) => {
    if (fresh && answer.kind === "value") skewMs = skewOf(answer.value);
    dispatch({ type: "token", answer, asked });
  });

  function dispatch(event: AuthEvent): void {
    const before = state;
    state = step(state, event);
    if (state === before) return;
    const isOther = sessionIn(before) !== sessionIn(state);
    if (isOther) {
      tokenRetries.reset();
      owesToken = false;
      // Better Auth's store learns from the server, too, what the token endpoint told.
      if (event.type === "token") options.refetchSession(true);
    }
    for (const listener of [...listeners]) listener();
  }

  const usable = (marginMs: number): string | null =>
    isTokenExpired(state.token, { now: Date.now() + skewMs, skewMs: marginMs })
      ? null
      : state.token;

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
      const held = usable(TOKEN_MARGIN_MS);
      if (held !== null) return held;
    }
    const answer = await within(FETCH_TIMEOUT_MS, requests.ask(forceRefreshToken, asked), FAILED);
    if (answer.kind === "value" && state.token === answer.value) {
      gotToken();
      owesToken = false;
      return answer.value;
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
    return usable(0);
  }

  function watchSession(): void {
    sessionWatch ??= setTimeout(() => {
      sessionWatch = undefined;
      sessionFailed({ kind: "failed" });
    }, FETCH_TIMEOUT_MS);
  }

  function sessionFailed(answer: Answer<string>): void {
    dispatch({ type: "session", answer });
    const attempt = (): void => {
      options.refetchSession(false);
      // A store that was waiting already shows nothing new when it asks again.
      watchSession();
    };
    sessionRetries.plan(attempt, answer.kind === "failed" ? answer.retryAfterMs : undefined);
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    observe(snapshot) {
      const { held, answer } = readSnapshot(snapshot);
      if (held !== null && state.session.status === "unknown")
        dispatch({ type: "session", answer: { kind: "value", value: held } });
      if (answer === null) return watchSession();
      clearTimeout(sessionWatch);
      sessionWatch = undefined;
      if (answer.kind === "failed") return sessionFailed(answer);
      sessionRetries.reset();
      const isBack = state.trouble.session;
      dispatch({ type: "session", answer });
      if (isBack) tokenRetries.hurry();
    },
    fetchToken,
    async recheck() {
      const asked = sessionIn(state);
      if (asked === null) return;
      if (options.settled) await within(FETCH_TIMEOUT_MS, options.settled(), undefined);
      if (sessionIn(state) !== asked) return;
      const answer = await within(FETCH_TIMEOUT_MS, requests.ask(true, asked), FAILED);
      if (sessionIn(state) !== asked) return;
      owesToken = true;
      if (answer.kind === "value") recovered();
      else retryToken(answer);
    },
    noteConvex(lost) {
      const wasLost = state.trouble.convex;
      dispatch({ type: "convex", lost });
      if (state.trouble.convex) {
        owesToken = true;
        retryToken({ kind: "failed" });
      } else if (wasLost) tokenRetries.reset();
    },
    noteSignOut(begun) {
      dispatch({ type: "leaving", is: begun });
      clearTimeout(leaveWatch);
      leaveWatch = begun ? setTimeout(() => dispatch(STAY), FETCH_TIMEOUT_MS) : undefined;
    },
    onRecovered(listener) {
      recoveryListeners.add(listener);
      return () => void recoveryListeners.delete(listener);
    },
    pause() {
      clearTimeout(sessionWatch);
      clearTimeout(leaveWatch);
      sessionWatch = undefined;
      tokenRetries.reset();
      sessionRetries.reset();
    },
  };
}

/** Requests take a while, so only more than that is a wrong clock. */
const WRONG_CLOCK_MS = 30_000;

function skewOf(freshToken: string): number {
  const issuedAt = getTokenIssue(freshToken);
  const skew = issuedAt === null ? 0 : issuedAt - Date.now();
  return Math.abs(skew) > WRONG_CLOCK_MS ? skew : 0;
}

/** A token this close to its end is not worth handing out. */
const TOKEN_MARGIN_MS = 10_000;

const FAILED: Answer<never> = { kind: "failed" };

/** What `work`, which never rejects, gives in time, or `late`. */
function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late), ms);
    void work.then(resolve).finally(() => clearTimeout(timer));
  });
}
