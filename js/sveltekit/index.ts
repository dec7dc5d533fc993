/** `convex-gate/sveltekit`: auth for SvelteKit's server. Server code only; what pages use is `convex-gate/svelte`. */
import type { RequestAuth } from "../ssr/index.js";

declare global {
  // SvelteKit's own way to name what `event.locals` holds.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace App {
    interface Locals {
      /** Who sent this request, by `createAuthHandle` of `convex-gate/sveltekit`. */
      auth: RequestAuth;
    }
  }
}

export { createAuthHandle } from "./auth-handle.js";
export type { AuthHandleOptions } from "./auth-handle.js";
export { preloadAuthQuery } from "./preload.js";
export type { PreloadedAuthQuery } from "../client/preloaded.js";
export { GateError, isGateError } from "../ssr/index.js";
export type { AuthServerOptions, AuthState, GateErrorCode, RequestAuth } from "../ssr/index.js";
