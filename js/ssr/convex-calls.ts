import type { ConvexHttpClient } from "convex/browser";
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

/** Makes a function that runs calls of Convex's HTTP client as the request's user. */
export function callerOf(
  settings: Settings,
  tokens: TokenSource,
): <T>(run: (client: ConvexHttpClient) => Promise<T>) => Promise<T> {
  return async (run) => {
    const token = await tokens.first();
    let isRefused = false;
    const watched: typeof fetch = async (...request) => {
      const response = await settings.fetch(...request);
      isRefused = response.status === TOKEN_REFUSED;
      return response;
    };
    try {
      return await run(await clientOf(token, watched));
    } catch (error) {
      if (!isRefused || token === null) throw error;
      const other = await tokens.otherThan(token);
      return run(await clientOf(other, settings.fetch));
    }
  };

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
