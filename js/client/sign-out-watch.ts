/**
 * Tells the provider of a sign-out before it is sent. The server ends a session at once in every subscribed query, and
 * a component that still listens would get an error for it.
 */
import { perClient } from "./per-client.js";

/** Who wants to know. */
export interface SignOutListener {
  readonly begin: () => void;
  /** The request was answered: the session is over. */
  readonly done: () => void;
  /** The request came to nothing. */
  readonly fail: () => void;
}

/** The sign-outs of one Better Auth client. */
export interface SignOutWatch {
  readonly listen: (listener: SignOutListener) => () => void;
  /** Sends `request` once listeners have had time to unmount what is protected. */
  readonly around: (request: () => Promise<Response>) => Promise<Response>;
}

/** The watch of the client with this fetch. */
export const signOutWatchOf: (clientFetch: object) => SignOutWatch = perClient(createWatch);

function createWatch(): SignOutWatch {
  const listeners = new Set<SignOutListener>();
  const tell = (what: keyof SignOutListener): void => {
    for (const listener of [...listeners]) listener[what]();
  };
  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async around(request) {
      tell("begin");
      if (listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 0));
      try {
        const response = await request();
        tell(response.ok ? "done" : "fail");
        return response;
      } catch (error) {
        tell("fail");
        throw error;
      }
    },
  };
}
