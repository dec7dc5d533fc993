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

/** Makes a function that runs calls of Convex's HTTP client as the request's user. */
export function callerOf(
  settings: Settings,
  tokens: TokenSource,
): <T>(run: (client: ConvexHttpClient) => Promise<T>) => Promise<T> {
  return async (run) => {
    const token = await tokens.first();
    try {
      return await once(token, run);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (token === null) throw error.cause;
      return once(await tokens.otherThan(token), run).catch((again: unknown) => {
        throw again instanceof Refused ? again.cause : again;
      });
    }
  };

  /** Throws `Refused` for a token that Convex does not take, and `AUTH_UNAVAILABLE` where there is no answer of Convex's. */
  async function once<T>(
    token: string | null,
    run: (client: ConvexHttpClient) => Promise<T>,
  ): Promise<T> {
    // What became of the request; 0 is none that was sent, or one that has no answer.
    let wasSent = false;
    let status = 0;
    const watched: typeof fetch = async (...request) => {
      wasSent = true;
      const response = await settings.fetch(...request);
      status = response.status;
      return response;
    };
    try {
      return await run(await clientOf(token, watched));
    } catch (cause) {
      if (status === TOKEN_REFUSED) throw new Refused(cause);
      const isAnswered = status > 0 && (status < 500 || status === FUNCTION_FAILED);
      if (isAnswered || !wasSent) throw cause;
      throw new GateError(
        "AUTH_UNAVAILABLE",
        "Convex gave no answer. What was called may have run all the same.",
        { meta: status > 0 ? { status } : undefined, cause },
      );
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
