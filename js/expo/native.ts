/** `convex-gate/expo` on iOS and Android. */
import { expoClient } from "@better-auth/expo/client";
import type { BetterAuthClientPlugin } from "better-auth/client";
import { createAuthClient } from "better-auth/react";
import { convexClient } from "../client/plugins/convex-client.js";
import { deviceWake } from "./device-wake.js";
import { withoutLateAnswers } from "./late-answers.js";
import { siteUrlOf } from "./options.js";
import type { ExpoAuthClient, ExpoAuthClientOptions } from "./options.js";

export type { DeviceStorage, ExpoAuthClient, ExpoAuthClientOptions } from "./options.js";

/**
 * The auth client of an Expo app, for `ConvexBetterAuthProvider`. On devices `expoClient()` of `@better-auth/expo` keeps the
 * cookies in `storage`, and the app's return to the foreground or to a network wakes the provider; on the web it is
 * `crossDomainClient()`. Metro takes the one or the other, never both. Imported from `convex-gate/expo`.
 *
 * @throws GateError `ENV_MISSING` without a `baseURL`, `INVALID_OPTION` for one that is no deployment's site.
 */
export function createExpoAuthClient<Plugins extends BetterAuthClientPlugin[] = []>(
  options: ExpoAuthClientOptions<Plugins>,
): ExpoAuthClient<Plugins> {
  const { baseURL, scheme, storage, storagePrefix, plugins = [], ...others } = options;
  const { cookiePrefix, webBrowserOptions, disableCache, sessionOptions, ...own } = others;
  const client = createAuthClient({
    ...own,
    baseURL: siteUrlOf(baseURL),
    // Better Auth would ask when the app leaves, too. Where it comes back, `deviceWake()` has the provider ask.
    sessionOptions: { refetchOnWindowFocus: false, ...sessionOptions },
    plugins: [
      withoutLateAnswers(
        expoClient({
          scheme,
          storage,
          storagePrefix,
          cookiePrefix,
          webBrowserOptions,
          disableCache,
        }),
      ),
      convexClient(),
      deviceWake(),
      ...plugins,
    ],
  });
  return client as unknown as ExpoAuthClient<Plugins>;
}
