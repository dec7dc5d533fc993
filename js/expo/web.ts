/** `convex-gate/expo` on the web. */
import type { BetterAuthClientPlugin } from "better-auth/client";
import { createAuthClient } from "better-auth/react";
import { convexClient } from "../client/plugins/convex-client.js";
import { crossDomainClient } from "../client/plugins/cross-domain-client.js";
import { siteUrlOf } from "./options.js";
import type { ExpoAuthClient, ExpoAuthClientOptions } from "./options.js";

export type { DeviceStorage, ExpoAuthClient, ExpoAuthClientOptions } from "./options.js";

/** The one of `native.ts` for pages: what is a device's alone is not looked at. */
export function createExpoAuthClient<Plugins extends BetterAuthClientPlugin[] = []>(
  options: ExpoAuthClientOptions<Plugins>,
): ExpoAuthClient<Plugins> {
  const {
    baseURL,
    storagePrefix,
    plugins = [],
    scheme: _scheme,
    storage: _storage,
    ...others
  } = options;
  const {
    cookiePrefix: _prefix,
    webBrowserOptions: _browser,
    disableCache: _cache,
    ...own
  } = others;
  const client = createAuthClient({
    ...own,
    baseURL: siteUrlOf(baseURL),
    plugins: [
      crossDomainClient(storagePrefix === undefined ? {} : { storagePrefix }),
      convexClient(),
      ...plugins,
    ],
  });
  return client as unknown as ExpoAuthClient<Plugins>;
}
