import { tick } from "svelte";
import type { Connection } from "../client/connection.js";
import { sessionIn } from "../client/auth-machine.js";

/** Convex's identity, for as long as a component wants it. */
export interface Identity {
  /** Convex has confirmed the session. */
  readonly isConfirmed: () => boolean;
  readonly stop: () => void;
}

/** Signs Convex in while somebody is signed in. `changed` is called when Convex has confirmed it, or has dropped it. */
export function holdIdentity({ gate, link }: Connection, changed: () => void): Identity {
  let isConfirmed = false;
  let release: (() => void) | undefined;

  function follow(): void {
    const isSignedIn = sessionIn(gate.state()) !== null;
    if (isSignedIn)
      release ??= link.hold({
        onChange(is) {
          isConfirmed = is;
          changed();
        },
      });
    // What is protected goes first, so that none of its queries is run again for nobody.
    else if (release) void tick().then(letGo);
  }

  function letGo(): void {
    if (sessionIn(gate.state()) === null) drop();
  }

  function drop(): void {
    release?.();
    release = undefined;
    isConfirmed = false;
  }

  const unsubscribe = gate.subscribe(follow);
  follow();
  return {
    isConfirmed: () => isConfirmed,
    stop() {
      unsubscribe();
      drop();
    },
  };
}
