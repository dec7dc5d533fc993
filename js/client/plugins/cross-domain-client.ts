import type { BetterAuthClientPlugin } from "better-auth/client";
import type { CrossDomainPlugin } from "../../plugins/cross-domain/index.js";
import {
  COOKIE_HEADER,
  SET_COOKIE_HEADER,
  VERIFIER_HEADER,
} from "../../plugins/shared/cross-domain-headers.js";
import type { CookieStorage, KeptCookies } from "./kept-cookies.js";
import { keepCookies } from "./kept-cookies.js";
import { takeOneTimeToken, tellLinkProblem } from "./one-time-token.js";
import { tabVerifier } from "./tab-verifier.js";

/** Options of {@link crossDomainClient}. */
export interface CrossDomainClientOptions {
  /**
   * Where cookies are kept; may be asynchronous. By default `localStorage`, memory where there is none, and nothing at
   * all on a server.
   */
  storage?: CookieStorage | undefined;
  /** Prefix of the storage keys. @default "better-auth" */
  storagePrefix?: string | undefined;
}

/** The plugin that `crossDomainClient()` returns. */
export interface CrossDomainClientPlugin extends BetterAuthClientPlugin {
  id: "cross-domain";
  $InferServerPlugin: CrossDomainPlugin;
}

/** A request of Better Auth's fetch, as far as it is looked at. */
interface FetchRequest {
  readonly url: URL | string;
  readonly baseURL?: string | undefined;
  readonly method: string;
  readonly headers: Headers;
  credentials?: RequestCredentials | undefined;
}

const REDEEM_PATH = "/cross-domain/one-time-token/verify";
/** A redemption that takes longer than this holds up nothing any more. */
const REDEEM_TIMEOUT_MS = 10_000;
/** Better Auth itself asks for the session 10 ms after the requests that it knows to change it. */
const NOTICE_DELAY_MS = 50;

/**
 * The Better Auth client plugin for a frontend on another site than the Convex deployment: keeps the cookies that a
 * browser would block, and redeems the one-time token of a redirect that this tab started.
 *
 * A link that was opened in a tab which did not start its flow, as mail programs do, signs nobody in. The page's address
 * then has an `error` as after Better Auth's own redirects: `LINK_OPENED_ELSEWHERE`, or `INVALID_ONE_TIME_TOKEN` when the
 * server refused the token, in which case it is there before the session is known.
 * Imported from `convex-gate/client/plugins`.
 */
export function crossDomainClient(options: CrossDomainClientOptions = {}): CrossDomainClientPlugin {
  const prefix = options.storagePrefix ?? "better-auth";
  // Storage is touched when a client is made, and never while modules load on a server.
  let kept: KeptCookies | undefined;
  const cookies = (): KeptCookies => (kept ??= keepCookies(`${prefix}_cookies`, options.storage));
  const verifier = tabVerifier(`${prefix}_verifier`);
  let redeeming: Promise<unknown> | undefined;
  let noticeLater: () => void = () => undefined;

  async function onRequest(request: FetchRequest): Promise<void> {
    if (!isOurs(request)) return;
    request.credentials = "omit";
    const isRedemption = isFor(request, REDEEM_PATH);
    // Whoever asks for the session meanwhile would be told that there is none.
    if (!isRedemption) await redeeming;
    request.headers.set(COOKIE_HEADER, await cookies().header());
    // Every flow that ends in a redirect starts with a POST.
    if (isRedemption || request.method.toUpperCase() !== "POST") return;
    const challenge = await verifier.challenge();
    if (challenge !== null) request.headers.set(VERIFIER_HEADER, challenge);
  }

  async function onResponse(context: { response: Response; request: FetchRequest }): Promise<void> {
    const { response, request } = context;
    const setCookie = isOurs(request) ? response.headers.get(SET_COOKIE_HEADER) : null;
    if (setCookie === null || !(await cookies().receive(setCookie))) return;
    // The first brings the session with it, and requests wait for the second.
    if (!isFor(request, "/get-session") && !isFor(request, REDEEM_PATH)) noticeLater();
  }

  return {
    id: "cross-domain",
    $InferServerPlugin: {} as CrossDomainPlugin,
    getActions($fetch, $store) {
      const notice = (): void => $store.notify("$sessionSignal");
      let notices = 0;
      $store.listen("$sessionSignal", () => (notices += 1));
      noticeLater = () => {
        const before = notices;
        setTimeout(() => {
          if (notices === before) notice();
        }, NOTICE_DELAY_MS);
      };
      cookies().onOtherTab(notice);
      const token = takeOneTimeToken();
      const secret = verifier.secret();
      if (token === null) return {};
      // A token without a flow of this tab was made elsewhere: it is removed from the address and not used.
      if (secret === null) {
        tellLinkProblem("LINK_OPENED_ELSEWHERE");
        return {};
      }
      const body = { token, verifier: secret };
      const retry = 0;
      redeeming = $fetch(REDEEM_PATH, { method: "POST", body, timeout: REDEEM_TIMEOUT_MS, retry })
        .then(
          ({ error }) => error,
          (error: unknown) => error,
        )
        .then((error) => {
          if (isRefusal(error)) tellLinkProblem("INVALID_ONE_TIME_TOKEN");
        })
        .finally(() => (redeeming = undefined));
      return {};
    },
    fetchPlugins: [
      {
        id: "convex-gate-cross-domain",
        name: "convex-gate cross-domain cookies",
        hooks: { onRequest, onResponse },
      },
    ],
  };
}

/** The app may use the client's fetch for other hosts, which must neither get the cookies nor set any. */
function isOurs({ url, baseURL }: FetchRequest): boolean {
  try {
    return new URL(url, baseURL).origin === new URL(baseURL ?? "").origin;
  } catch {
    return false;
  }
}

function isRefusal(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error && error.status === 401;
}

function isFor({ url, baseURL }: FetchRequest, path: string): boolean {
  return new URL(url, baseURL).pathname.endsWith(path);
}
