/** Supplies Convex with the tokens of one gate: asks for them, asks again when that fails, and knows which one Convex has. */
import type { Answer, Failed } from "./answers.js";
import type { AuthEvent, AuthState } from "./auth-machine.js";
import { sessionIn } from "./auth-machine.js";
import { createBackoff } from "./backoff.js";
import type { ServerClock } from "./server-clock.js";
import { createServerClock } from "./server-clock.js";
import { gainsNothing, isTokenExpired, saySame, sessionIdOf } from "./token-expiry.js";
import type { RequestToken } from "./token-request.js";
import { createTokenRequests } from "./token-request.js";
import { within } from "./within.js";

/** A fetch is over after this, also one that had to wait for another. */
export const FETCH_TIMEOUT_MS = 10_000;

/** Of that, what a page has to take away what is protected, before Convex hears that nobody is signed in. */
const LEAVING_MS = 10;

/** What a supply needs of its gate. */
export interface SupplyOptions {
  readonly request: RequestToken;
  readonly state: () => AuthState;
  readonly dispatch: (event: AuthEvent) => void;
  /** When the session ends, in ms since the epoch by the server's clock, where that was told. */
  readonly endsAt: () => number | undefined;
  /** Nobody wants tokens at the moment. */
  readonly isPaused: () => boolean;
  /** Settles when no request is under way that may replace the session. Never rejects. */
  readonly settled: (() => Promise<void>) | undefined;
  /** Settles when the session has been answered that is being asked for, which may bring a token. Never rejects. */
  readonly answered: () => Promise<void>;
}

/** The tokens of one gate. */
export interface TokenSupply {
  readonly clock: ServerClock;
  /**
   * For Convex's `setAuth`: settles within {@link FETCH_TIMEOUT_MS}, never rejects. `isRefused` tells that Convex does not take
   * the token that it has.
   */
  readonly fetchToken: (options: {
    forceRefreshToken: boolean;
    isRefused?: boolean;
  }) => Promise<string | null>;
  /** Whether there is a token that is worth handing out. */
  readonly isGood: (token: string | null) => boolean;
  /** The token came with its session: Convex is given it where it says other things than the one that Convex has. */
  readonly came: () => void;
  /**
   * Asks the server now whether the session is alive. Convex is given the new token when it has none that is good, and with
   * `anew` in any case.
   */
  readonly recheck: (anew: boolean) => Promise<void>;
  /** Convex does not take what it was given: offers another one, ever more rarely. */
  readonly refused: () => void;
  /** Makes a planned attempt at once. */
  readonly hurry: () => void;
  /** Starts over with short pauses. */
  readonly rest: () => void;
  /** Forgets all of a session that is another's now. */
  readonly startOver: () => void;
  /** Calls back when a token is there that Convex was refused before. */
  readonly onRecovered: (listener: () => void) => () => void;
}

/** Makes a supply, which asks for nothing yet. */
export function createTokenSupply(options: SupplyOptions): TokenSupply {
  const { state, dispatch } = options;
  const clock = createServerClock();
  const retries = createBackoff();
  const listeners = new Set<() => void>();
  let askedAt = 0;
  // Convex got no new token when it wanted one, and does not ask again by itself.
  let owesToken = false;
  // What Convex was given last.
  let given: string | null = null;
  const requests = createTokenRequests(
    (fresh, signal) => {
      askedAt = Date.now();
      return options.request(fresh, signal);
    },
    (answer, asked) => {
      if (answer.kind === "value" && answer.now !== undefined) clock.learn(answer.now, askedAt);
      dispatch({ type: "token", answer, asked });
    },
  );

  const current = (): string | null => sessionIn(state());
  const usable = (token: string | null, marginMs: number): string | null =>
    isTokenExpired(token, { now: clock.now(), skewMs: marginMs }) ? null : token;

  function retry(answer: Answer<string>): void {
    if (options.isPaused()) return;
    const wish = answer.kind === "failed" ? answer.retryAfterMs : undefined;
    retries.plan(() => {
      const asked = current();
      if (asked === null) return;
      void requests.ask(true, asked).then((next) => {
        if (current() !== asked) return;
        if (next.kind === "failed") retry(next);
        else if (next.kind === "value") recovered();
      });
    }, wish);
  }

  function gotToken(): void {
    // A Convex that refuses every token must not be offered one after the other without a pause.
    if (!state().trouble.convex) retries.reset();
  }

  function recovered(): void {
    gotToken();
    if (!owesToken) return;
    owesToken = false;
    for (const listener of [...listeners]) listener();
  }

  const good = (token: string | null): string | null => usable(token, TOKEN_MARGIN_MS);

  /** A token that need not be fresh may be on its way with the session. */
  async function ask(asked: string): Promise<Answer<string>> {
    await options.answered();
    const held = good(state().token);
    if (current() !== asked) return FAILED;
    return held === null ? requests.ask(false, asked) : { kind: "value", value: held };
  }

  const fetchToken: TokenSupply["fetchToken"] = async ({ forceRefreshToken, isRefused }) => {
    const asked = current();
    if (asked === null) return null;
    if (!forceRefreshToken) {
      const held = good(state().token);
      if (held !== null) return (given = held);
    }
    const answer = await within(
      FETCH_TIMEOUT_MS - LEAVING_MS,
      forceRefreshToken ? requests.ask(true, asked) : ask(asked),
      FAILED,
    );
    if (answer.kind === "value" && state().token === answer.value) {
      gotToken();
      owesToken = false;
      // Convex asks no more when it gets what it has, and the gate watches the end.
      // Unless it was refused that, and this one may be of other keys.
      const isBetter = isRefused && usable(answer.value, 0) !== null;
      if (forceRefreshToken && !isBetter && gainsNothing(answer.value, given, options.endsAt()))
        return usable(given, 0);
      return (given = answer.value);
    }
    if (state().session.status === "signedOut") {
      // Convex drops its identity on this null. Protected components unmount first, so that none of their queries is
      // run without one.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return null;
    }
    if (current() === asked && answer.kind === "failed") {
      owesToken = true;
      retry(answer);
    }
    // Still signed in: what is held serves until it ends.
    return (given = usable(state().token, 0));
  };

  return {
    clock,
    fetchToken,
    isGood: (token) => good(token) !== null,
    came() {
      const { token } = state();
      if (given === null || token === given || sessionIdOf(token) !== sessionIdOf(given)) return;
      if (saySame(token, given)) return;
      owesToken = true;
      recovered();
    },
    async recheck(anew) {
      const asked = current();
      if (asked === null) return;
      if (options.settled) await within(FETCH_TIMEOUT_MS, options.settled(), undefined);
      if (current() !== asked) return;
      const answer = await within(FETCH_TIMEOUT_MS, requests.ask(true, asked), FAILED);
      if (current() !== asked) return;
      owesToken ||= anew || answer.kind === "failed" || good(given) === null;
      if (answer.kind === "value") recovered();
      else retry(answer);
    },
    refused() {
      owesToken = true;
      retry(FAILED);
    },
    hurry: retries.hurry,
    rest: retries.reset,
    startOver() {
      retries.reset();
      owesToken = false;
      given = null;
    },
    onRecovered(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A token this close to its end is not worth handing out. */
const TOKEN_MARGIN_MS = 10_000;

const FAILED: Failed = { kind: "failed" };
