/** The client of an app without `@better-auth/expo`, bundled as the one of `app.tsx` is. */
import { createAuthClient } from "better-auth/client";
import { convexClient, crossDomainClient } from "../../../../js/client/plugins/index.js";
import type { CookieStorage } from "../../../../js/client/plugins/index.js";

/** Makes the client. */
export function start(baseURL: string, storage: CookieStorage) {
  return createAuthClient({ baseURL, plugins: [crossDomainClient({ storage }), convexClient()] });
}
