import type { ConvexHttpClient } from "convex/browser";
import { GateError } from "../errors/index.js";
import type { Settings } from "./settings.js";

/** Where tokens come from. Both throw when it is not known whether there is one. */
export interface TokenSource {
  readonly first: () => Promise<string | null>;
  /** Another one, after Convex refused this. */
  readonly otherThan: (token: string) => Promise<string | null>;
}

/**
 * Convex's status for a token that it does not take, because it has ended or nobody vouches for it. It is judged before a
 * function runs; what a function throws is status 560 (convex 1.48, `STATUS_CODE_UDF_FAILED`), whatever it says.
 */
const TOKEN_REFUSED = 401;
const FUNCTION_FAILED = 560;

type Kind = "query" | "mutation" | "action";

/**
 * How long a call may take until there is no answer, in ms. Convex gives queries and mutations a second for their own work and
 * actions ten minutes; whoever waits longer waits for what was lost. What was sent may run all the same.
 */
const TIMEOUT_MS: Readonly<Record<Kind, number>> = {
  query: 10_000,
  mutation: 30_000,
  action: 660_000,
};

/** Makes a function that runs calls of Convex's HTTP client as the request's user. */
export function callerOf(
  settings: Settings,
  tokens: TokenSource,
): <T>(kind: Kind, run: (client: ConvexHttpClient) => Promise<T>) => Promise<T> {
  return async (kind, run) => {
    const token = await tokens.first();
    try {
      return await once(kind, token, run);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (token === null) throw error.cause;
      return once(kind, await tokens.otherThan(token), run).catch((again: unknown) => {
        throw again instanceof Refused ? again.cause : again;
      });
    }
  };

  /** Throws `Refused` for a token that Convex does not take, and `AUTH_UNAVAILABLE` where there is no answer of Convex's. */
  async function once<T>(
    kind: Kind,
    token: string | null,
    run: (client: ConvexHttpClient) => Promise<T>,
  ): Promise<T> {
    // What became of the request; 0 is none that was sent, or one that has no answer.
    let wasSent = false;
    let status = 0;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS[kind]);
    const watched: typeof fetch = async (input, init) => {
      wasSent = true;
      const response = await settings.fetch(input, { ...init, signal: controller.signal });
      // An answer is one when it is here as a whole.
      const whole = new Response(await response.text(), { status: response.status });
      status = response.status;
      return whole;
    };
    try {
      return await run(await clientOf(token, watched));
    } catch (cause) {
      if (status === TOKEN_REFUSED) throw new Refused(cause);
      // A page of a proxy is no answer of Convex's.
      const isRead = status > 0 && !(cause instanceof SyntaxError);
      const isAnswered = isRead && (status < 500 || status === FUNCTION_FAILED);
      if (isAnswered || !wasSent) throw cause;
      throw new GateError(
        "AUTH_UNAVAILABLE",
        "Convex gave no answer. What was called may have run all the same.",
        { meta: status > 0 ? { status } : undefined, cause },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async function clientOf(token: string | null, send: typeof fetch): Promise<ConvexHttpClient> {
    // Loaded with the first call: what only needs a token, such as a middleware, does without.
    const { ConvexHttpClient } = await import("convex/browser");
    const client = new ConvexHttpClient(settings.convexUrl, {
      fetch: send,
      ...(token === null ? {} : { auth: token }),
    });
    return client;
  }
}

/** Convex does not take the token; `cause` is what its client made of that. */
class Refused {
  constructor(readonly cause: unknown) {}
}
