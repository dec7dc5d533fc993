import { useRouter } from "@tanstack/react-router";
import { useConvex } from "convex/react";
import type { ConvexReactClient } from "convex/react";
import type { ReactElement } from "react";
import { useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { sessionIn } from "../client/auth-machine.js";
import { onceTaken, userIn } from "../client/switch.js";
import { ConvexBetterAuthProvider } from "../react/convex-better-auth-provider.js";
import type { ConvexBetterAuthProviderProps } from "../react/convex-better-auth-provider.js";
import { GateContext } from "../react/gate-status.js";
import type { ReadableGate } from "./current-gate.js";
import { setCurrentGate, stateOf } from "./current-gate.js";
import type { QueryClientLike } from "./forget-user.js";
import { createForgetting } from "./forget-user.js";

/** Properties of {@link StartAuthProvider}. */
export interface StartAuthProviderProps extends ConvexBetterAuthProviderProps {
  /** The app's `QueryClient`, where it has one: it is emptied when another user, or nobody, is signed in. */
  queryClient?: QueryClientLike | undefined;
}

/**
 * `ConvexBetterAuthProvider` for TanStack Start. When somebody signs in or out, here, in another tab or by revocation, the
 * router runs `beforeLoad` and the loaders of the page anew, and what router and QueryClient hold of another user is gone.
 * Belongs into the component of the root route.
 */
export function StartAuthProvider(props: StartAuthProviderProps): ReactElement {
  const { queryClient, children, ...provider } = props;
  return (
    <ConvexBetterAuthProvider {...provider}>
      <SessionChanges queryClient={queryClient} authClient={props.authClient} />
      {children}
    </ConvexBetterAuthProvider>
  );
}

/** Follows the session of the page. Shows nothing. */
function SessionChanges(props: Pick<StartAuthProviderProps, "queryClient" | "authClient">): null {
  const { queryClient, authClient } = props;
  const { gate, link, sessionId } = useContext(GateContext);
  const router = useRouter();
  const convex = useConvex();
  const read = (): string => nameOf(gate);
  const known = useSyncExternalStore(gate?.subscribe ?? never, read, read);

  const isLeaving = (): boolean => gate?.state().leaving ?? false;
  const leaving = useSyncExternalStore(gate?.subscribe ?? never, isLeaving, isLeaving);

  useEffect(() => (gate ? setCurrentGate(gate) : undefined), [gate]);

  const forgetting = useMemo(() => queryClient && createForgetting(queryClient), [queryClient]);
  useEffect(() => forgetting?.follow(), [forgetting]);

  // What was protected is unmounted by now. Its queries would be refused once the sign-out has arrived.
  useEffect(() => {
    if (leaving) forgetting?.unused();
  }, [leaving, forgetting]);

  // A session of the same user may take the place of one, as where a password is changed.
  const user = userIn(authClient.useSession().data, sessionId);
  const [shownUser, currentUser] = [useRef(user), useRef(user)];
  useEffect(() => {
    currentUser.current = user;
  });

  // Where another user's session takes the place of one, nothing of that is shown until Convex has the new one.
  const isWaiting = useRef(false);
  const [takenTimes, setTakenTimes] = useState(0);
  const own = useRef(sessionId);
  useEffect(() => {
    const before = own.current;
    own.current = sessionId;
    if (before === sessionId) return undefined;
    const isSameUser = shownUser.current !== null && shownUser.current === currentUser.current;
    isWaiting.current = before !== null && sessionId !== null && link !== null && !isSameUser;
    if (!isWaiting.current || !link || !gate) return undefined;
    forgetting?.hide();
    return onceTaken({ gate, link }, () => {
      isWaiting.current = false;
      setTakenTimes((times) => times + 1);
    });
  }, [sessionId, gate, link, forgetting, shownUser, currentUser]);
  useEffect(() => {
    if (user !== null || sessionId === null) shownUser.current = user;
  });

  // What is shown is of this session. While it is not known whose session it is, that stays so.
  const shown = useRef(known);
  useEffect(() => {
    if (known === shown.current || known === UNKNOWN || isWaiting.current) return;
    shown.current = known;
    forgetting?.show();
    forgetting?.user();
    router.clearCache();
    // A page that a guard leaves goes into the cache now.
    void router.invalidate().then(() => router.clearCache());
  }, [known, takenTimes, forgetting, router]);

  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current && (known === SIGNED_OUT || known === UNKNOWN)) release(convex);
    isFirst.current = false;
  }, [convex, known]);

  return null;
}

const UNKNOWN = "unknown";
const SIGNED_OUT = "signedOut";

/** Whose session it is, as a text that differs for each. */
function nameOf(gate: ReadableGate | null): string {
  const state = gate?.state();
  const { session } = state ? stateOf(state) : { session: UNKNOWN };
  return session === "signedIn" && state ? `signedIn ${String(sessionIn(state))}` : session;
}

function never(): () => void {
  return () => undefined;
}

/**
 * Lets a client with `expectAuth` send its queries although nobody is signed in. It waits for a token by itself, so that no
 * query of a rendered page is sent before the page's token; without one it would wait for good (convex 1.48).
 */
function release(convex: ConvexReactClient): void {
  const { options } = convex as unknown as { options?: { expectAuth?: boolean } };
  // A client that does not wait would open a socket for this.
  if (options && options.expectAuth !== true) return;
  convex.setAuth(
    () => Promise.resolve(null),
    () => undefined,
  );
}
