/** Asks for tokens, one request at a time and never for longer than it may take. */
import type { Answer } from "./answers.js";

/** A request is given up after this. A Convex client waits for as long as its fetcher takes, and all traffic with it. */
export const REQUEST_TIMEOUT_MS = 8_000;

/** Asks the server for a token; `fresh` means a newly made one. */
export type RequestToken = (fresh: boolean, signal: AbortSignal) => Promise<Answer<string>>;

/** The only place from which tokens are asked for. */
export interface TokenRequests {
  /** Shares the request under way when it is for the same session and no less fresh. Settles and never rejects. */
  ask(fresh: boolean, session: string): Promise<Answer<string>>;
}

interface Flight {
  readonly fresh: boolean;
  readonly session: string;
  readonly controller: AbortController;
  answer: Promise<Answer<string>>;
}

/** Makes the place. `onAnswer` sees each answer once, before anybody who waits for it. */
export function createTokenRequests(
  request: RequestToken,
  onAnswer: (answer: Answer<string>, asked: string) => void,
): TokenRequests {
  let flight: Flight | undefined;

  async function fly(before: Promise<unknown> | undefined, mine: Flight): Promise<Answer<string>> {
    await before;
    const { controller, fresh } = mine;
    const answer = controller.signal.aborted
      ? FAILED
      : await withTimeout((signal) => request(fresh, signal), controller);
    onAnswer(answer, mine.session);
    return answer;
  }

  return {
    ask(fresh, session) {
      if (flight?.session === session && (flight.fresh || !fresh)) return flight.answer;
      // Who asks for another session has no use for the answer under way.
      if (flight && flight.session !== session) flight.controller.abort();
      const mine: Flight = { fresh, session, controller: new AbortController(), answer: NEVER };
      mine.answer = fly(flight?.answer, mine);
      flight = mine;
      void mine.answer.then(() => {
        if (flight === mine) flight = undefined;
      });
      return mine.answer;
    },
  };
}

const FAILED: Answer<never> = { kind: "failed" };
const NEVER = new Promise<never>(() => undefined);

/** Does not rely on `work` to heed the signal. */
function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<Answer<T>>,
  controller: AbortController,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(FAILED);
    controller.signal.addEventListener("abort", giveUp);
    const timer = setTimeout(() => controller.abort(), REQUEST_TIMEOUT_MS);
    void Promise.resolve(controller.signal)
      .then(work)
      .then(resolve, giveUp)
      .finally(() => clearTimeout(timer));
  });
}
