/** `createStartAuth` in a browser: what the page knows of the session, and nothing of the server. */
import { GateError } from "../errors/index.js";
import { currentState } from "./current-gate.js";
import type { StartAuth } from "./types.js";

export function createBrowserAuth(): StartAuth {
  return {
    handler: serverOnly("handler"),
    getState: serverOnly("getState"),
    getToken: serverOnly("getToken"),
    isAuthenticated: serverOnly("isAuthenticated"),
    fetchAuthQuery: serverOnly("fetchAuthQuery"),
    fetchAuthMutation: serverOnly("fetchAuthMutation"),
    fetchAuthAction: serverOnly("fetchAuthAction"),
    rootAuth: () => Promise.resolve({ auth: currentState() }),
  };
}

/** Loaders and `beforeLoad` run in browsers too, which is easily overlooked. */
function serverOnly(name: string): () => Promise<never> {
  return () =>
    Promise.reject(
      new GateError(
        "WRONG_CONTEXT",
        `${name} works on the server only, and this code also runs in the browser: call it in createServerFn().handler(...)`,
      ),
    );
}
