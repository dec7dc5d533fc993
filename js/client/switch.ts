/** One session that takes the place of another, without a sign-out between: in another tab, or by a plugin's endpoint. */
import { sessionIdIn } from "./auth-machine.js";
import type { ConvexLink } from "./convex-link.js";
import type { Gate } from "./gate.js";

/**
 * Calls back once Convex has taken the session that is known: until then, however long that is, what Convex holds is the
 * former user's. Gives back a function that ends the wait. Convex has to be held meanwhile.
 */
export function onceTaken(
  { gate, link }: { gate: Pick<Gate, "state">; link: Pick<ConvexLink, "holder"> },
  taken: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function look(): void {
    const session = sessionIdIn(gate.state());
    if (session === null || link.holder.session() !== session) return;
    // Convex reports the identity before the results that came with it (convex 1.48).
    timer ??= setTimeout(taken, 0);
  }
  const release = link.holder.subscribe(look);
  look();
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
