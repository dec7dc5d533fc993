/** Keeps a session's JWT: asks once at a time, keeps what it has while asking fails, and never rejects or hangs. */
import type { Answer } from "./answers.js";
import { isTokenExpired } from "./token-expiry.js";

/** What a token source needs of its surroundings. */
export interface TokenSourceOptions {
  /** Asks the server. `fresh` means that a new token has to be made. Must not throw. */
  request: (fresh: boolean) => Promise<Answer<string>>;
  /** Called when the server says that nobody is signed in. */
  onSignedOut: () => void;
  /** Called when the source becomes degraded, or is so no more. */
  onDegraded: (degraded: boolean) => void;
  /** Called with a token that arrived after a fetch had to give up. */
  onRecovered: () => void;
}

/** A source of tokens for Convex's `setAuth`. */
export interface TokenSource {
  /** A token, or null when there is none to be had now. Settles within {@link PATIENCE_MS} and never rejects. */
  fetch(options: { forceRefreshToken: boolean }): Promise<string | null>;
  /** The token that is held, expired or not. */
  current(): string | null;
  /** Takes a token from elsewhere, as a server-rendered page gives one; null forgets the held one. */
  set(token: string | null): void;
  /** Stops retrying. */
  dispose(): void;
}

/** A fetch gives up after this: Convex's client waits for as long as its fetcher takes, and everything with it. */
export const PATIENCE_MS = 8_000;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Makes a token source. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  let held: string | null = null;
  let degraded = false;
  let inFlight: { fresh: boolean; answer: Promise<Answer<string>> } | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let generation = 0;

  const usable = (): string | null => (isTokenExpired(held, { skewMs: 0 }) ? null : held);
  const setDegraded = (value: boolean): void => {
    if (degraded === value) return;
    degraded = value;
    options.onDegraded(value);
  };

  /** One request at a time: a caller who needs no newer token than the one under way shares it. */
  function ask(fresh: boolean): Promise<Answer<string>> {
    if (inFlight && (inFlight.fresh || !fresh)) return inFlight.answer;
    const before = inFlight?.answer;
    const asked = generation;
    const answer = (async () => {
      await before;
      const answered = await options.request(fresh);
      // A token of a session that was left meanwhile is of no use to anybody.
      if (asked === generation) take(answered);
      return answered;
    })();
    const request = { fresh, answer };
    inFlight = request;
    void answer.finally(() => {
      if (inFlight === request) inFlight = undefined;
    });
    return answer;
  }

  function take(answer: Answer<string>): void {
    if (answer.kind === "value") {
      held = answer.value;
      setDegraded(false);
    } else if (answer.kind === "signedOut") {
      held = null;
      setDegraded(false);
      options.onSignedOut();
    } else setDegraded(true);
  }

  /** Goes on asking after a fetch has given up, so that the app recovers by itself. */
  function keepTrying(attempt: number, afterMs: number): void {
    clearTimeout(retry);
    retry = setTimeout(() => {
      void ask(true).then((answer) => {
        if (answer.kind === "value") options.onRecovered();
        else if (answer.kind === "failed") keepTrying(attempt + 1, pauseMs(attempt, answer));
      });
    }, afterMs);
  }

  return {
    async fetch({ forceRefreshToken }) {
      const token = usable();
      if (!forceRefreshToken && token !== null && !isTokenExpired(token)) return token;
      clearTimeout(retry);
      const answer = await within(PATIENCE_MS, ask(forceRefreshToken));
      if (answer.kind === "value") return answer.value;
      if (answer.kind === "signedOut") return null;
      setDegraded(true);
      keepTrying(1, pauseMs(0, answer));
      // Still signed in: what is held serves until it ends.
      return usable();
    },
    current: () => held,
    set(token) {
      if (token === held) return;
      generation += 1;
      inFlight = undefined;
      held = token;
      clearTimeout(retry);
      setDegraded(false);
    },
    dispose: () => clearTimeout(retry),
  };
}

/** Doubling pauses with jitter, so that clients do not come back all at once; the server's own wish goes first. */
function pauseMs(attempt: number, answer: { retryAfterMs?: number }): number {
  const bound = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  return Math.max(answer.retryAfterMs ?? 0, bound / 2 + Math.random() * (bound / 2));
}

function within<T>(ms: number, answer: Promise<Answer<T>>): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "failed" }), ms);
    answer.then(resolve, () => resolve({ kind: "failed" })).finally(() => clearTimeout(timer));
  });
}
