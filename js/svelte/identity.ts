import { tick } from "svelte";
import type { Connection } from "../client/connection.js";
import { sessionIn } from "../client/auth-machine.js";
import { onceTaken } from "../client/switch.js";

/** Convex's identity, for as long as a component wants it. */
export interface Identity {
  /** Convex has confirmed the session. */
  readonly isConfirmed: () => boolean;
  /** Takes what is known now. */
  readonly follow: () => void;
  readonly stop: () => void;
}

/**
 * Signs Convex in while somebody is signed in. `changed` is called when Convex has confirmed it, or has dropped it. `userOf`
 * tells whose a session is, where that is known.
 */
export function holdIdentity(
  { gate, link }: Connection,
  userOf: (sessionId: string) => string | null,
  changed: () => void,
): Identity {
  let isConfirmed = false;
  let release: (() => void) | undefined;
  let own: { session: string; user: string | null } | undefined;
  let stopWait: (() => void) | undefined;

  function report(is: boolean): void {
    isConfirmed = is;
    changed();
  }

  /** Another user's session took the place of one: what Convex holds is not his yet. */
  function waitUnlessOf(user: string | null): void {
    stopWait?.();
    stopWait = undefined;
    if (own === undefined || (own.user !== null && own.user === user)) return;
    stopWait = onceTaken({ gate, link }, () => {
      stopWait?.();
      stopWait = undefined;
      report(true);
    });
    report(false);
  }

  function follow(): void {
    const session = sessionIn(gate.state());
    if (session !== null) {
      const user = userOf(session);
      if (own?.session !== session) waitUnlessOf(user);
      own = { session, user: user ?? (own?.session === session ? own.user : null) };
      release ??= link.hold({
        onChange(is) {
          if (!is || !stopWait) report(is);
        },
      });
    }
    // What is protected goes first, so that none of its queries is run again for nobody.
    else if (release) void tick().then(letGo);
  }

  function letGo(): void {
    if (sessionIn(gate.state()) === null) drop();
  }

  function drop(): void {
    stopWait?.();
    release?.();
    stopWait = release = own = undefined;
    isConfirmed = false;
  }

  const unsubscribe = gate.subscribe(follow);
  follow();
  return {
    isConfirmed: () => isConfirmed,
    follow,
    stop() {
      unsubscribe();
      drop();
    },
  };
}
