/**
 * A browser in front of a deployment that is on another origin than its page: the page's tab has the real client plugins,
 * and what the browser opens at the deployment carries only the cookies that the browser itself has for it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createAuthClient } from "better-auth/client";
import type { BetterAuthClientPlugin } from "better-auth/client";
import { convexClient, crossDomainClient } from "../../js/client/plugins/index.js";

/** How the world looks to the browser. */
export interface TabWorld {
  /** What answers at the deployment's origin. */
  readonly handler: (request: Request) => Promise<Response>;
  /** The deployment's `https://…/api/auth`. */
  readonly api: string;
  /** The origin of the page. */
  readonly origin: string;
  /** Client plugins beside ours. */
  readonly plugins?: BetterAuthClientPlugin[];
  /** The `localStorage` of the browser's other tabs, or of the browser before it was closed. */
  readonly items?: Map<string, string>;
}

/** What a link or a redirect is, beside its URL. */
export interface Opening {
  /** A form post instead of a link. */
  readonly form?: URLSearchParams;
  /** Who led here, as `Sec-Fetch-Site` says it. @default "cross-site" */
  readonly site?: string;
  readonly headers?: HeadersInit;
}

/** Where the browser is after a navigation. */
export interface Arrival {
  /** The address that it shows. */
  readonly address: URL;
  /** The document, when the deployment itself gave one. */
  readonly page: Response | null;
}

/** A tab. */
export type Tab = ReturnType<typeof openTab>;

/** The `sessionStorage` of the tab whose code runs: each tab has its own. */
const ofTab = new AsyncLocalStorage<ReturnType<typeof storageOver>>();
Object.defineProperties(globalThis, {
  sessionStorage: { configurable: true, get: () => ofTab.getStore() },
  // Without a page, as in React Native; none where no tab's code runs.
  window: { configurable: true, get: () => (ofTab.getStore() ? {} : undefined) },
});

function storageOver(items: Map<string, string>) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

/** A jar as `crossDomainClient()` keeps it. */
type Jar = Record<string, { value: string; expires: number | null }>;

/** Opens a tab without cookies, or with those of `items`. */
export function openTab({ handler, api, origin, plugins = [], items = new Map() }: TabWorld) {
  const tabItems = new Map<string, string>();
  const session = storageOver(tabItems);
  const apiOrigin = new URL(api).origin;
  const jarKey = `better-auth_cookies.${apiOrigin.replace(/[^\w.-]+/g, "_")}`;
  const hostCookies = new Map<string, string>();
  let last: Response | undefined;

  /** What the browser sends, with the origin that no script can change. */
  async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    request.headers.set("origin", origin);
    const response = await handler(request);
    last = response.clone();
    return response;
  }

  const client = ofTab.run(session, () =>
    createAuthClient({
      baseURL: api,
      fetchOptions: { customFetchImpl: send },
      plugins: [crossDomainClient({ storage: storageOver(items) }), convexClient(), ...plugins],
    }),
  );

  /** What the page does with a link that it is opened with. */
  const open = (link: URL) => ofTab.run(session, () => client.crossDomain.open(link));

  const jars = (): [Map<string, string>, string, Jar][] =>
    (
      [
        [items, jarKey],
        [tabItems, `${jarKey}.tab`],
      ] as const
    ).map(([store, key]) => [store, key, JSON.parse(store.get(key) ?? "{}") as Jar]);

  /** A request of the page by its own client. */
  async function request(
    path: string,
    { method, body, headers }: { method?: string; body?: unknown; headers?: HeadersInit } = {},
  ): Promise<Response> {
    last = undefined;
    await ofTab.run(session, () =>
      client.$fetch(path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        ...(body === undefined ? {} : { body }),
        headers: Object.fromEntries(new Headers(headers)),
      }),
    );
    if (!last) throw new Error(`${path}: no request was sent`);
    return last;
  }

  /** A navigation of the browser: a link in a mail, a provider's redirect, a form. Follows what it leads to. */
  async function visit(target: string | URL, opening: Opening = {}): Promise<Arrival> {
    let url = new URL(target);
    let { form } = opening;
    for (let step = 0; step < 10; step += 1) {
      // Another site's page has neither this client nor this jar.
      const isWeb = /^https?:$/.test(url.protocol);
      if (isWeb && ![origin, apiOrigin].includes(url.origin)) return { address: url, page: null };
      if (url.origin !== apiOrigin) {
        const opened = await open(url);
        if (opened === null) return { address: url, page: null };
        url.searchParams.delete("auth_ticket");
        if (opened.error) url.searchParams.set("error", opened.error.code);
        else if (opened.url !== null) {
          url = new URL(opened.url, url);
          continue;
        }
        return { address: url, page: null };
      }
      const response = await navigate(url, form, opening);
      form = undefined;
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null)
        return { address: url, page: response };
      url = new URL(location, url);
    }
    throw new Error(`${String(target)}: too many redirects`);
  }

  /** One navigation to the deployment, as the browser sends it. */
  async function navigate(
    url: URL,
    form: URLSearchParams | undefined,
    { site = "cross-site", headers }: Opening = {},
  ): Promise<Response> {
    const sent = new Headers(headers);
    sent.set("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    sent.set("sec-fetch-mode", "navigate");
    sent.set("sec-fetch-dest", "document");
    sent.set("sec-fetch-site", site);
    // SameSite=Lax.
    if (hostCookies.size > 0 && !(form && site === "cross-site"))
      sent.set("cookie", [...hostCookies].map(([name, value]) => `${name}=${value}`).join("; "));
    if (form) sent.set("content-type", "application/x-www-form-urlencoded");
    const response = await handler(
      new Request(url, {
        method: form ? "POST" : "GET",
        headers: sent,
        ...(form ? { body: form.toString() } : {}),
      }),
    );
    for (const entry of response.headers.getSetCookie()) {
      const [pair = ""] = entry.split(";");
      hostCookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  }

  return {
    client,
    request,
    visit,
    open,
    navigate: (target: string | URL, opening?: Opening) =>
      navigate(new URL(target), opening?.form, opening),
    /** The cookies that the browser keeps for the deployment's host. */
    hostCookies,
    /** What lasts longer than the tab. */
    items,
    /** The tab's own cookies, by name. */
    cookies(): Record<string, string> {
      const kept = jars().flatMap(([, , jar]) => Object.entries(jar));
      return Object.fromEntries(kept.map(([name, { value }]) => [name, value]));
    },
    /** Puts a cookie into the tab's jar for an hour, or takes it out. */
    changeCookie(name: string, value: string | null): void {
      for (const [store, key, jar] of jars()) {
        const others = Object.entries(jar).filter(([other]) => other !== name);
        store.set(key, JSON.stringify(Object.fromEntries(others)));
      }
      if (value === null) return;
      const [[store, key, jar]] = jars() as [ReturnType<typeof jars>[0]];
      store.set(
        key,
        JSON.stringify({ ...jar, [name]: { value, expires: Date.now() + 3_600_000 } }),
      );
    },
  };
}
