/** Tells when the app is in the foreground again, or the network back. */
import { kFocusManager, kOnlineManager } from "better-auth/client";
import type { BetterAuthClientPlugin, FocusManager, OnlineManager } from "better-auth/client";
import { wakeWatchOf } from "../client/wake-watch.js";

/** The managers that `@better-auth/expo/client` leaves here: they follow `AppState`, and `expo-network` where it is installed. */
interface Managers {
  readonly [kFocusManager]?: FocusManager;
  readonly [kOnlineManager]?: OnlineManager;
}

type ClientFetch = Parameters<NonNullable<BetterAuthClientPlugin["getActions"]>>[0];

/** A client plugin that wakes the provider of its client. */
export interface DeviceWakePlugin {
  id: "convex-gate-wake";
  getActions: (clientFetch: ClientFetch) => Record<never, never>;
}

/** Makes the plugin. */
export function deviceWake(): DeviceWakePlugin {
  return {
    id: "convex-gate-wake",
    getActions(clientFetch) {
      wakeWatchOf(clientFetch).subscribe = onWake;
      return {};
    },
  };
}

function onWake(awake: () => void): () => void {
  const { [kFocusManager]: focus, [kOnlineManager]: online } = globalThis as Managers;
  const heard = (is: boolean): void => {
    if (is) awake();
  };
  const stops = [focus?.subscribe(heard), online?.subscribe(heard)];
  return () => {
    for (const stop of stops) stop?.();
  };
}
