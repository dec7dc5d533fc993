/** The parts of a Better Auth client that are the same for every framework. */
import type { Answer, FetchError } from "./answers.js";
import { meaningOf } from "./answers.js";
import type { SessionSnapshotState } from "./session-snapshot.js";

/** What Better Auth's session store holds. */
export interface SessionValue extends SessionSnapshotState {
  /** Asks for the session again. */
  readonly refetch?:
    ((options?: { query?: { disableCookieCache?: boolean } }) => Promise<unknown>) | undefined;
}

/**
 * A Better Auth client, structurally: a patch release that changes other members, or their types, does not break an app.
 */
export interface AuthEndpoints {
  /** Better Auth's fetch, with the base URL and plugins of the client. */
  readonly $fetch: (path: string, options: TokenRequestOptions) => Promise<unknown>;
  /** Better Auth's store, with the session that it shows. */
  readonly $store?: unknown;
}

/** How the token endpoint is asked. */
export interface TokenRequestOptions {
  method: "GET";
  throw: false;
  retry: 0;
  signal: AbortSignal;
  query?: { fresh: string };
  onError: (context: { response: { headers: Headers } }) => void;
}

/** Asks the token endpoint. Never rejects. */
export async function requestToken(
  client: AuthEndpoints,
  fresh: boolean,
  signal: AbortSignal,
): Promise<Answer<string>> {
  let headers: Headers | undefined;
  try {
    const result: unknown = await client.$fetch("/convex/token", {
      method: "GET",
      // The app may have set these for its own calls.
      throw: false,
      retry: 0,
      signal,
      onError: ({ response }) => {
        headers = response.headers;
      },
      ...(fresh ? { query: { fresh: "1" } } : {}),
    });
    const { data, error } = result as { data?: unknown; error?: FetchError | null };
    if (error) return meaningOf({ ...error, headers });
    const { token, sessionExpiresAt, now } = (data ?? {}) as Partial<Record<string, unknown>>;
    // A proxy may answer 200 with a page of its own.
    if (typeof token !== "string" || token === "") return { kind: "failed", status: 200 };
    return { kind: "value", value: token, endsAt: time(sessionExpiresAt), now: time(now) };
  } catch (error) {
    return meaningOf(error as FetchError);
  }
}

/** Makes Better Auth show that nobody is signed in, without a request. False when it cannot be done. */
export function forgetSession({ $store }: AuthEndpoints): boolean {
  const { atoms } = ($store ?? {}) as { atoms?: { session?: SessionAtom } };
  const atom = atoms?.session;
  if (typeof atom?.get !== "function" || typeof atom.set !== "function") return false;
  atom.set({ ...atom.get(), data: null, error: null, isPending: false, isRefetching: false });
  return true;
}

interface SessionAtom {
  readonly get: () => SessionValue;
  readonly set: (value: SessionValue) => void;
}

function time(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
