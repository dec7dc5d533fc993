/** The parts of a Better Auth React client that the provider uses. */
import type { Answer, FetchError } from "../client/answers.js";
import { meaningOf } from "../client/answers.js";

/**
 * A Better Auth client of `better-auth/react`, structurally: a patch release that changes other members, or their types,
 * does not break an app.
 */
export interface AuthClientLike {
  /** Better Auth's session hook. */
  useSession: () => {
    data: { session: { id: string } } | null;
    isPending: boolean;
    error: { status?: number } | null;
  };
  /** Better Auth's fetch, with the base URL and plugins of the client. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its real type is generic over response schemas
  $fetch: (path: string, options?: any) => Promise<any>;
}

/** Asks the token endpoint. Never throws. */
export async function requestToken(
  client: AuthClientLike,
  fresh: boolean,
): Promise<Answer<string>> {
  try {
    const result: unknown = await client.$fetch("/convex/token", {
      method: "GET",
      // The app may have set `throw: true` for its own calls.
      throw: false,
      ...(fresh ? { query: { fresh: "1" } } : {}),
    });
    const { data, error } = result as {
      data?: { token?: unknown } | null;
      error?: FetchError | null;
    };
    if (error) return meaningOf(error);
    return typeof data?.token === "string"
      ? { kind: "value", value: data.token }
      : { kind: "failed" };
  } catch (error) {
    return meaningOf(error as FetchError);
  }
}
