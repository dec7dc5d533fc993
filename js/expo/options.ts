/** What `createExpoAuthClient` takes and gives, the same on devices and on the web. */
import type { BetterAuthClientOptions, BetterAuthClientPlugin } from "better-auth/client";
import type { ReactAuthClient } from "better-auth/react";
import type { ConvexClientPlugin } from "../client/plugins/convex-client.js";
import { GateError } from "../errors/index.js";

/** Where a device keeps cookies: `import * as SecureStore from "expo-secure-store"`, or something like it. */
export interface DeviceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
}

/** Options of {@link ExpoAuthClient}; those of Better Auth's own client are passed on. */
export interface ExpoAuthClientOptions<
  Plugins extends BetterAuthClientPlugin[] = [],
> extends BetterAuthClientOptions {
  /** The deployment's site, `process.env.EXPO_PUBLIC_CONVEX_SITE_URL`. */
  baseURL: string | undefined;
  /** The app's scheme, as `app.json` has it: flows that leave the app come back by it. */
  scheme: string;
  /** Where devices keep cookies and the last known session. Not asked on the web, which has `localStorage`. */
  storage: DeviceStorage;
  /** What keys in the storage begin with. Letters, digits, `.`, `-` and `_`. @default "better-auth" */
  storagePrefix?: string | undefined;
  /** `advanced.cookiePrefix` of the server, where it has one. @default "better-auth" */
  cookiePrefix?: string | string[] | undefined;
  /** Options of `openAuthSessionAsync` of `expo-web-browser`, such as `{ preferEphemeralSession: true }`. */
  webBrowserOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Keeps the last known session out of the storage: without a network nobody is known at the app's start. */
  disableCache?: boolean | undefined;
  /** Further client plugins of Better Auth. `convexClient()` is among them already. */
  plugins?: Plugins;
}

/** The client of `better-auth/react` that `createExpoAuthClient` gives. */
export type ExpoAuthClient<Plugins extends BetterAuthClientPlugin[] = []> = ReactAuthClient<{
  plugins: (ConvexClientPlugin | Plugins[number])[];
}>;

const ADVICE = "Give it process.env.EXPO_PUBLIC_CONVEX_SITE_URL, which ends in .convex.site.";

/**
 * The address of the deployment's site.
 *
 * @throws GateError `ENV_MISSING` where there is none: a client without one would ask the address of its own page, which a
 * device does not have. `INVALID_OPTION` where it is no address, or the one of Convex's functions.
 */
export function siteUrlOf(baseURL: string | undefined): string {
  if (!baseURL)
    throw new GateError(
      "ENV_MISSING",
      `createExpoAuthClient has no baseURL. ${ADVICE} \`npx convex dev\` writes it to .env.local; Metro reads it when it starts.`,
    );
  if (!/^https?:\/\/[^/]/.test(baseURL) || /^https?:\/\/[^/]*\.convex\.cloud(?:\/|$)/.test(baseURL))
    throw new GateError(
      "INVALID_OPTION",
      `The baseURL of createExpoAuthClient is not the address of a deployment's site: ${baseURL}. ${ADVICE}`,
    );
  return baseURL;
}
