/** What tells that a device woke up, or that its network is back. Browsers say so to Better Auth, which asks by itself. */
import { perClient } from "./per-client.js";

/** The watch of one Better Auth client. */
export interface WakeWatch {
  /** Calls back at each such moment; gives back a function that ends that. Undefined where the client has no device. */
  subscribe?: ((awake: () => void) => () => void) | undefined;
}

/** The watch of the client with this fetch. */
export const wakeWatchOf: (clientFetch: object) => WakeWatch = perClient(() => ({}));
