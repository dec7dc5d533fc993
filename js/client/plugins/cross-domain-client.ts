import type { BetterAuthClientPlugin } from "better-auth/client";
import type { CrossDomainPlugin } from "../../plugins/cross-domain/index.js";
import {
  COOKIE_HEADER,
  SET_COOKIE_HEADER,
  VERIFIER_HEADER,
} from "../../plugins/shared/cross-domain-headers.js";
import type { CookieStorage, KeptCookies } from "./kept-cookies.js";
import { keepCookies } from "./kept-cookies.js";
import type { TabVerifier } from "./tab-verifier.js";
import { tabVerifier } from "./tab-verifier.js";

/** Options of {@link crossDomainClient}. */
export interface CrossDomainClientOptions {
  /** Where cookies are kept; may be asynchronous. @default localStorage, or memory where there is none */
  storage?: CookieStorage;
  /** Prefix of the storage keys. @default "better-auth" */
  storagePrefix?: string;
}

/** The plugin that `crossDomainClient()` returns. */
export interface CrossDomainClientPlugin extends BetterAuthClientPlugin {
  id: "cross-domain";
  $InferServerPlugin: CrossDomainPlugin;
}

type FetchPlugin = NonNullable<BetterAuthClientPlugin["fetchPlugins"]>[number];

const TOKEN_PARAMETER = "ott";
const REDEEM_PATH = "/cross-domain/one-time-token/verify";

/**
 * The Better Auth client plugin for a frontend on another site than the Convex deployment: keeps the cookies that a
 * browser would block, and redeems the one-time token of a redirect that this tab started.
 * Imported from `convex-gate/client/plugins`.
 */
export function crossDomainClient(options: CrossDomainClientOptions = {}): CrossDomainClientPlugin {
  const prefix = options.storagePrefix ?? "better-auth";
  // Storage is touched when a request is made, and never while modules load on a server.
  let kept: KeptCookies | undefined;
  const cookies = (): KeptCookies => (kept ??= keepCookies(`${prefix}_cookies`, options.storage));
  const verifier = tabVerifier(`${prefix}_verifier`);
  let sessionChanged: () => void = () => undefined;
  return {
    id: "cross-domain",
    $InferServerPlugin: {} as CrossDomainPlugin,
    getActions($fetch, $store) {
      sessionChanged = () => $store.notify("$sessionSignal");
      cookies().onOtherTab(() => sessionChanged());
      const token = takeOneTimeToken();
      const secret = verifier.secret();
      // A token without a flow of this tab was made elsewhere: it is removed from the address and not used.
      if (token !== null && secret !== null) {
        void $fetch(REDEEM_PATH, { method: "POST", body: { token, verifier: secret } }).then(
          () => sessionChanged(),
          () => undefined,
        );
      }
      return {};
    },
    fetchPlugins: [cookieTransport(cookies, verifier, () => sessionChanged())],
  };
}

function cookieTransport(
  cookies: () => KeptCookies,
  verifier: TabVerifier,
  sessionChanged: () => void,
): FetchPlugin {
  return {
    id: "convex-gate-cross-domain",
    name: "convex-gate cross-domain cookies",
    async init(url, options) {
      const headers = new Headers(options?.headers as HeadersInit | undefined);
      headers.set(COOKIE_HEADER, await cookies().header());
      // Every flow that ends in a redirect starts with a POST.
      if (options?.method?.toUpperCase() === "POST") {
        headers.set(VERIFIER_HEADER, await verifier.challenge());
      }
      return { url, options: { ...options, headers, credentials: "omit" } };
    },
    hooks: {
      async onResponse({ response }) {
        const setCookie = response.headers.get(SET_COOKIE_HEADER);
        if (setCookie !== null && (await cookies().receive(setCookie))) sessionChanged();
      },
    },
  };
}

/** The one-time token of the address, which loses it before anything else happens: it must not stay in the history. */
function takeOneTimeToken(): string | null {
  if (typeof window === "undefined" || typeof window.location === "undefined") return null;
  const url = new URL(window.location.href);
  const token = url.searchParams.get(TOKEN_PARAMETER);
  if (token === null) return null;
  url.searchParams.delete(TOKEN_PARAMETER);
  window.history.replaceState(window.history.state, "", url);
  return token;
}
