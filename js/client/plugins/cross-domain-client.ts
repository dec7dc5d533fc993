import type { BetterAuthClientPlugin } from "better-auth/client";
import type { CrossDomainPlugin } from "../../plugins/cross-domain/index.js";
import {
  COOKIE_HEADER,
  RESUME_PATH,
  SET_COOKIE_HEADER,
} from "../../plugins/shared/cross-domain-protocol.js";
import type { FlowError, ReplayAnswer } from "../../plugins/shared/cross-domain-protocol.js";
import { toldToken } from "../../plugins/shared/session-token.js";
import { parsedUrl } from "../../utils/parsed-url.js";
import { sessionTokensOf } from "../session-tokens.js";
import { address, follow, takeTicket, ticketOf } from "./arrival.js";
import type { CookieStorage } from "./cookie-storage.js";
import type { KeptCookies } from "./kept-cookies.js";
import { browserStorage, keepCookies, onOtherTab } from "./kept-cookies.js";

/** Options of {@link crossDomainClient}. */
export interface CrossDomainClientOptions {
  /**
   * Where cookies are kept; may be asynchronous. By default `localStorage`, memory where there is none, and nothing at
   * all on a server. Cookies without an end (`rememberMe: false`) are kept in the tab's `sessionStorage`, or in memory;
   * on a server in this storage, which has to tell the users apart.
   */
  storage?: CookieStorage | undefined;
  /** Prefix of the storage keys. @default "better-auth" */
  storagePrefix?: string | undefined;
}

/** What became of a link that was opened. */
export interface OpenedLink {
  /** Where the flow wanted to go in the end; null when it named no page. */
  url: string | null;
  /** Why it came to nothing; null when it did not. */
  error: FlowError | null;
}

/** What the plugin adds to `authClient`. */
export interface CrossDomainActions {
  crossDomain: {
    /**
     * Goes on with a flow in an app without a page: give it each deep link that the app is opened with. Null when the
     * link is none of a flow. Never rejects.
     */
    open: (url: string | URL) => Promise<OpenedLink | null>;
  };
}

/** The plugin that `crossDomainClient()` returns. */
export interface CrossDomainClientPlugin {
  id: "cross-domain";
  $InferServerPlugin: CrossDomainPlugin;
  getActions: (
    clientFetch: ClientFetch,
    store: ClientStore,
    options: ClientOptions,
  ) => CrossDomainActions;
  fetchPlugins: NonNullable<BetterAuthClientPlugin["fetchPlugins"]>;
}

type GetActions = NonNullable<BetterAuthClientPlugin["getActions"]>;
type ClientFetch = Parameters<GetActions>[0];
type ClientStore = Parameters<GetActions>[1];
type ClientOptions = Parameters<GetActions>[2];

/** A request of Better Auth's fetch, as far as it is looked at. */
interface FetchRequest {
  readonly url: URL | string;
  readonly baseURL?: string | undefined;
  readonly headers: Headers;
  credentials?: RequestCredentials | undefined;
}

/** A request that takes longer than this holds up nothing any more. */
const RESUME_TIMEOUT_MS = 10_000;
/** A form post leads to one more navigation; nothing leads to more than a few. */
const MOST_STEPS = 5;
/** Better Auth itself asks for the session 10 ms after the requests that it knows to change it. */
const NOTICE_DELAY_MS = 50;

/** The page's flow that goes on, whichever of the page's clients took its ticket. */
let arriving: Promise<unknown> | undefined;

/**
 * The Better Auth client plugin for a frontend on another site than the Convex deployment. The tab takes the browser's
 * place: it keeps the cookies that a browser would block, sends them with its requests, and goes on with navigations that
 * arrived at the deployment and were brought home. The session is not asked for before that is done. Beside the cookies it
 * keeps the session's JWT, with which the next page load connects Convex at once.
 * Imported from `convex-gate/client/plugins`.
 */
export function crossDomainClient(options: CrossDomainClientOptions = {}): CrossDomainClientPlugin {
  const prefix = options.storagePrefix ?? "better-auth";
  const startKey = `${prefix}_started_at`;
  const ofTab = browserStorage("sessionStorage");
  // By storage key. Storage is touched when a request is sent, and never while modules load on a server.
  const jars = new Map<string, KeptCookies>();
  // The responses whose cookies are kept.
  const received = new WeakSet<Response>();
  let noticeLater: () => void = () => undefined;

  /** A request may name another base URL than the client's, and each deployment has cookies of its own. */
  function cookiesFor({ baseURL }: Pick<FetchRequest, "baseURL">): KeptCookies {
    const host = new URL(baseURL ?? "").origin.replace(/[^\w.-]+/g, "_");
    const key = `${prefix}_cookies.${host}`;
    const cookies =
      jars.get(key) ?? keepCookies({ key, oldKey: `${prefix}_cookies` }, options.storage);
    jars.set(key, cookies);
    return cookies;
  }

  async function onRequest(request: FetchRequest): Promise<void> {
    if (!isOurs(request)) return;
    request.credentials = "omit";
    // Whoever asks for the session meanwhile would be told of the one before.
    if (!isFor(request, RESUME_PATH)) await arriving;
    request.headers.set(COOKIE_HEADER, await cookiesFor(request).header());
  }

  async function onResponse(context: { response: Response; request: FetchRequest }): Promise<void> {
    const { response, request } = context;
    received.add(response);
    const setCookie = isOurs(request) ? response.headers.get(SET_COOKIE_HEADER) : null;
    if (setCookie === null) return;
    if (!(await cookiesFor(request).receive(setCookie, sentWith(request)))) return;
    // The first brings the session with it, and requests wait for the second.
    if (!isFor(request, "/get-session") && !isFor(request, RESUME_PATH)) noticeLater();
  }

  async function onSuccess(context: {
    data: unknown;
    response: Response;
    request: FetchRequest;
  }): Promise<void> {
    const { response, request } = context;
    if (!isOurs(request)) return;
    // Another plugin, listed after this one, may have sent the request again and hand on that answer.
    if (!received.has(response)) await onResponse(context);
    const data = Object(context.data) as { token?: unknown; url?: unknown };
    const token =
      toldToken(response.headers)?.token ?? (isFor(request, "/convex/token") && data.token);
    if (typeof token === "string") void cookiesFor(request).keepToken(token, sentWith(request));
    // The page from which a flow leaves is where it is to be told of a failure.
    const here = address();
    if (here && typeof data.url === "string" && !isFor(request, RESUME_PATH))
      ofTab.setItem(startKey, here.href);
  }

  return {
    id: "cross-domain",
    $InferServerPlugin: {} as CrossDomainPlugin,
    getActions($fetch, $store, options) {
      const notice = (): void => $store.notify("$sessionSignal");
      let notices = 0;
      $store.listen("$sessionSignal", () => (notices += 1));
      noticeLater = () => {
        const before = notices;
        setTimeout(() => {
          if (notices === before) notice();
        }, NOTICE_DELAY_MS);
      };
      onOtherTab((key) => jars.has(key), notice);
      const own = (): KeptCookies | null => {
        try {
          return cookiesFor({ baseURL: options?.baseURL });
        } catch {
          // The base URL is known to Better Auth alone.
          return null;
        }
      };
      sessionTokensOf($fetch).kept = {
        async read() {
          // It may be another session's afterwards.
          await arriving;
          return (await own()?.token()) ?? null;
        },
        forget: () => void own()?.keepToken(null),
      };

      async function goOn(first: string): Promise<ReplayAnswer> {
        let ticket = first;
        for (let step = 0; step < MOST_STEPS; step += 1) {
          const answer = await resume($fetch, ticket);
          if (answer.ticket === undefined) return answer;
          ticket = answer.ticket;
        }
        return { url: null, error: { code: "TOO_MANY_REDIRECTS" } };
      }

      function arrive<T>(work: Promise<T>): Promise<T> {
        const done = work.finally(() => {
          if (arriving === done) arriving = undefined;
        });
        arriving = done;
        return done;
      }

      const ticket = takeTicket();
      if (ticket !== null) {
        const startedAt = ofTab.getItem(startKey);
        ofTab.setItem(startKey, "");
        // A page that cannot go there goes on, and so do its requests.
        void arrive(
          goOn(ticket)
            .then((answer) => follow(answer, startedAt))
            .catch(() => undefined),
        );
      }
      return {
        crossDomain: {
          async open(link) {
            const opened = ticketOf(parsedUrl(link));
            if (opened === null) return null;
            const { url, error = null } = await arrive(goOn(opened));
            notice();
            return { url, error };
          },
        },
      };
    },
    fetchPlugins: [
      {
        id: "convex-gate-cross-domain",
        name: "convex-gate cross-domain cookies",
        hooks: { onRequest, onResponse, onSuccess },
      },
    ],
  };
}

/** Never rejects. */
async function resume($fetch: ClientFetch, ticket: string): Promise<ReplayAnswer> {
  const interrupted = { url: null, error: { code: "FLOW_INTERRUPTED" } };
  try {
    const { data, error } = await $fetch<ReplayAnswer>(RESUME_PATH, {
      method: "POST",
      body: { ticket },
      timeout: RESUME_TIMEOUT_MS,
      retry: 0,
      throw: false,
    });
    if (data) return data;
    const { code, message } = (error ?? {}) as Partial<FlowError>;
    return code === undefined ? interrupted : { url: null, error: { code, message } };
  } catch {
    return interrupted;
  }
}

/** The app may use the client's fetch for other hosts, which must neither get the cookies nor set any. */
function isOurs({ url, baseURL }: FetchRequest): boolean {
  try {
    return new URL(url, baseURL).origin === new URL(baseURL ?? "").origin;
  } catch {
    return false;
  }
}

/** The cookies of a request. */
function sentWith({ headers }: FetchRequest): string {
  return headers.get(COOKIE_HEADER) ?? "";
}

function isFor({ url, baseURL }: FetchRequest, path: string): boolean {
  return new URL(url, baseURL).pathname.endsWith(path);
}
