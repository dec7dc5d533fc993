/** One person's browser where the app's pages are on another origin than the deployment, with every request counted. */
import type { Host } from "../../host/index.js";
import type { Tab } from "../../support/tab.js";
import { openTab } from "../../support/tab.js";
import type { Answer, Browser, Cookies, RequestOptions } from "./browser.js";
import { answerOf, labelOf, tokenIn } from "./browser.js";
import type { Recorder } from "./recorder.js";
import type { Send } from "./send.js";

/** Where the pages are, and what sends requests. */
export interface TabBrowserWorld {
  host: Host;
  recorder: Recorder;
  origin: string;
  send: Send;
}

/**
 * Opens a browser whose one tab has the real client plugins. What it visits at the deployment is parked, brought home and
 * gone on with; the answer is what a browser on one origin would have been given.
 */
export function openTabBrowser(world: TabBrowserWorld, items?: Map<string, string>): Browser {
  const { host, recorder, origin, send } = world;
  const api = `${host.siteUrl}/api/auth`;
  const tab = openTab({ handler: send, api, origin, ...(items ? { items } : {}) });

  async function request(path: string, options: RequestOptions, body?: unknown): Promise<Answer> {
    const method = options.method ?? (body === undefined ? "GET" : "POST");
    const label = labelOf(method, new URL(`${api}${path}`), options);
    const { uncounted, inherent, headers = {} } = options;
    // The client plugin asks for the token with the session, where a plain request on one origin asks for that alone.
    const operation = { label, inherent, mayBringToken: label === "GET /get-session" };
    return recorder.during(uncounted ? undefined : operation, async () => {
      const response = await tab.request(path, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      const answer = await answerOf(response);
      // What a browser would have been redirected to.
      const { url, redirect, ...more } = answer.body as Record<string, unknown>;
      if (typeof url !== "string" || redirect !== false || Object.keys(more).length > 0)
        return answer;
      return { ...answer, status: 302, location: new URL(url, origin) };
    });
  }

  async function visit(target: string | URL, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(target);
    const { body, method, uncounted, inherent } = options;
    const form = body instanceof URLSearchParams ? body : undefined;
    if ((body !== undefined && !form) || !(method === undefined || method === "GET"))
      throw new Error("a browser opens links and posts forms; programs send the rest");
    const label = labelOf(form ? "POST" : "GET", url, options);
    const operation = { label, inherent, isNavigation: true };
    return recorder.during(uncounted ? undefined : operation, () => navigate(tab, url, form));
  }

  const token: Browser["token"] = async () =>
    tokenIn(await request("/convex/token", { uncounted: true }));

  return {
    cookies: cookiesOf(tab),
    visit,
    get: (path, options = {}) => request(path, options),
    post: (path, body = {}, options = {}) => request(path, options, body),
    token,
    restart: () => openTabBrowser(world, new Map(tab.items)),
  };
}

/** A page that the deployment itself shows, where it answered with one. */
const PAGE = "/api/auth/cross-domain/page";

async function navigate(tab: Tab, url: URL, form?: URLSearchParams): Promise<Answer> {
  const answer = await answerOf(await tab.navigate(url, form ? { form } : {}), url);
  if (tab.hostCookies.size > 0)
    throw new Error(`the deployment left cookies: ${[...tab.hostCookies.keys()].join(", ")}`);
  const home = answer.location;
  const opened = home && (await tab.open(home));
  if (!home || !opened) return answer;
  home.searchParams.delete("auth_ticket");
  if (opened.error) {
    home.searchParams.set("error", opened.error.code);
    return { ...answer, status: 302, location: home };
  }
  if (opened.url === null) return { ...answer, status: 200, location: undefined };
  const next = new URL(opened.url, home);
  if (next.pathname === PAGE) return answerOf(await tab.navigate(next), next);
  return { ...answer, status: 302, location: next };
}

function cookiesOf(tab: Tab): Cookies {
  const all = (): Map<string, string> => new Map(Object.entries(tab.cookies()));
  return {
    get size() {
      return all().size;
    },
    get: (name) => all().get(name),
    has: (name) => all().has(name),
    set: (name, value) => tab.changeCookie(name, value),
    delete: (name) => tab.changeCookie(name, null),
    keys: () => all().keys(),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
}
