/** What the open page knows of its session, for code outside of React. */
import type { AuthState as GateState } from "../client/auth-machine.js";
import type { AuthState } from "../ssr/index.js";

/** The part of a gate that is read. */
export interface ReadableGate {
  readonly state: () => GateState;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Set in effects, which run in browsers only: a server has many visitors at once. */
let current: ReadableGate | null = null;

/** Makes `gate` the one of the page. Gives back a function that ends that. */
export function setCurrentGate(gate: ReadableGate): () => void {
  current = gate;
  return () => {
    if (current === gate) current = null;
  };
}

/** What the page knows. */
export function currentState(): AuthState {
  return current ? stateOf(current.state()) : UNKNOWN;
}

/**
 * A gate's state as servers tell it: signed in is who has a token, which comes a moment after the session. It may have
 * ended while the deployment does not answer; the page does not sign out for that.
 */
export function stateOf({ session, token }: GateState): AuthState {
  if (session.status === "signedOut") return SIGNED_OUT;
  return session.status === "signedIn" && token !== null ? { session: "signedIn", token } : UNKNOWN;
}

const UNKNOWN: AuthState = { session: "unknown", token: null };
const SIGNED_OUT: AuthState = { session: "signedOut", token: null };
