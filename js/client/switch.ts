/** One session that takes the place of another, without a sign-out between: in another tab, or by a plugin's endpoint. */
import type { ConvexLink } from "./convex-link.js";

/** Convex does not report that it took a token which it came by itself, as when the one before ended (convex 1.48). */
const LONGEST_MS = 3_000;

/**
 * Calls back once Convex has taken another identity than the one it has: until then, what it holds is the former user's.
 * Gives back a function that ends the wait.
 */
export function onceTaken(link: ConvexLink, taken: () => void): () => void {
  let isNew = false;
  let timer = setTimeout(taken, LONGEST_MS);
  function reported(is: boolean): void {
    // What it reports at once is what it has.
    if (!isNew || !is) return;
    clearTimeout(timer);
    // Convex reports the identity before the results that came with it (convex 1.48).
    timer = setTimeout(taken, 0);
  }
  const release = link.hold({
    onChange: reported,
    onRefreshChange: (isRefreshing) => reported(!isRefreshing),
  });
  isNew = true;
  return () => {
    clearTimeout(timer);
    release();
  };
}

/**
 * The user that Better Auth's store shows with this session; null where it shows another one, or none. A session may be
 * replaced by one of the same user, as where a password is changed.
 */
export function userIn(data: unknown, sessionId: string | null): string | null {
  const { session, user } = (data ?? {}) as Partial<Record<"session" | "user", { id?: unknown }>>;
  return session?.id === sessionId && typeof user?.id === "string" ? user.id : null;
}
