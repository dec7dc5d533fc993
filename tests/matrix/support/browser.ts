/** One person's browser in front of one deployment, with every request counted. */
import type { Host } from "../../host/index.js";
import { keepCookie, readBody } from "../../e2e/auth-session.js";
import type { Recorder } from "./recorder.js";
import { sendAsIs } from "./send.js";

/** What an endpoint answered and what it cost. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON body, or an empty object where there is none. */
  // Bodies are what the endpoint under test sends: the checks look at their members one by one.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  /** The body as text. */
  text: string;
  /** Where a redirect leads. */
  location: URL | undefined;
}

/** What a request may have beside its path. */
export interface RequestOptions {
  headers?: Record<string, string>;
  /** A JSON body, or a form when it is `URLSearchParams`. */
  body?: unknown;
  method?: string;
  /** The path as the docs show it, where it holds something that differs from run to run. */
  label?: string;
  /** Why this operation has to look at many rows. */
  inherent?: string;
  /** Preparation, which no plugin is charged with. */
  uncounted?: boolean;
}

/** What a browser keeps, by name. Changes take effect. */
export interface Cookies extends Iterable<[string, string]> {
  readonly size: number;
  get(name: string): string | undefined;
  has(name: string): boolean;
  set(name: string, value: string): unknown;
  delete(name: string): unknown;
  keys(): Iterable<string>;
}

/** A cookie jar and the deployment's endpoints. Redirects are not followed. */
export interface Browser {
  readonly cookies: Cookies;
  /** What the app's page asks for, by its auth client. */
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** What the person opens: a link, or where a redirect leads. Programs send anything. */
  visit(url: string | URL, options?: RequestOptions): Promise<Answer>;
  /** The JWT for Convex, or null. */
  token(): Promise<string | null>;
  /** The same browser, closed and opened again: cookies without an end are gone. */
  restart(): Browser;
}

/** Why something came to nothing: the code of an answer, or of the page that a redirect leads to. */
export function refusalOf({ body, location }: Answer): string | undefined {
  return location?.searchParams.get("error") ?? body.code ?? body.error;
}

/** What an operation is called in the docs. */
export function labelOf(method: string, { pathname }: URL, { label }: RequestOptions): string {
  return label ?? `${method} ${pathname.replace(/^\/api\/auth/, "")}`;
}

/** The JWT in an answer of `GET /convex/token`. */
export function tokenIn({ status, body }: Answer): string | null {
  return status === 200 && typeof body.token === "string" ? body.token : null;
}

/** What an endpoint answered to a request for `url`. */
export async function answerOf(response: Response, url?: URL): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  const location = headers.get("location");
  return {
    status,
    headers,
    text,
    body: readBody(text) ?? {},
    location: location === null ? undefined : new URL(location, url),
  };
}

const FORM = "application/x-www-form-urlencoded";
const SCRIPT = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
/** What tells a link that is opened from a request of a script. */
export const NAVIGATION = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
};

/** What a browser starts with. */
export interface Beginning {
  /** The origin of the app's pages; null for a program, which has none. @default the deployment's */
  origin?: string | null;
  /** Cookies that it has kept from before. */
  kept?: ReadonlyMap<string, string>;
}

/**
 * Opens a browser whose pages are on the deployment's own origin. With `origin: null` it is a program: a device, a
 * server, a native app.
 */
export function openBrowser(
  host: Host,
  recorder: Recorder,
  { origin = host.siteUrl, kept = new Map<string, string>() }: Beginning = {},
): Browser {
  const cookies = new Map(kept);
  const lasting = new Set(kept.keys());
  const base = `${host.siteUrl}/api/auth`;

  async function send(
    url: URL,
    { body, method = body === undefined ? "GET" : "POST", ...options }: RequestOptions,
    more: Record<string, string>,
  ): Promise<Answer> {
    const headers = new Headers({ accept: "*/*", ...more, ...options.headers });
    if (body !== undefined)
      headers.set("content-type", body instanceof URLSearchParams ? FORM : "application/json");
    // Also by its other name: a preview of the app is on another origin.
    const ours = url.port === new URL(host.siteUrl).port;
    if (ours && cookies.size > 0)
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const operation = {
      label: labelOf(method, url, options),
      inherent: options.inherent,
      isNavigation: more === NAVIGATION,
    };
    return recorder.during(options.uncounted || !ours ? undefined : operation, async () => {
      const text = body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
      const response = await sendAsIs(
        new Request(url, { method, headers, ...(body === undefined ? {} : { body: text }) }),
      );
      for (const line of ours ? response.headers.getSetCookie() : []) {
        keepCookie(cookies, line);
        lasting[/;\s*(?:max-age|expires)=/i.test(line) ? "add" : "delete"](
          line.split("=")[0] ?? "",
        );
      }
      return answerOf(response, url);
    });
  }

  const ask = (path: string, options: RequestOptions = {}): Promise<Answer> =>
    send(new URL(`${base}${path}`), options, origin === null ? {} : { ...SCRIPT, origin });

  return {
    cookies,
    get: ask,
    post: (path, body = {}, options) => ask(path, { ...options, body }),
    visit: (url, options = {}) => send(new URL(url), options, origin === null ? {} : NAVIGATION),
    token: async () => tokenIn(await ask("/convex/token", { uncounted: true })),
    restart: () =>
      openBrowser(host, recorder, {
        origin,
        kept: new Map([...cookies].filter(([name]) => lasting.has(name))),
      }),
  };
}
