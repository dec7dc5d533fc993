/** One person's browser in front of one deployment, with every request counted. */
import type { Host } from "../../host/index.js";
import { keepCookie, readBody } from "../../e2e/auth-session.js";
import type { Recorder } from "./recorder.js";

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

/** A cookie jar and the deployment's endpoints. Redirects are not followed. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** Any URL, with the jar's cookies when it is the deployment's. */
  visit(url: string | URL, options?: RequestOptions): Promise<Answer>;
  /** The JWT for Convex, or null. */
  token(): Promise<string | null>;
}

/** Opens a browser without cookies. */
export function openBrowser(host: Host, recorder: Recorder): Browser {
  const cookies = new Map<string, string>();
  const base = `${host.siteUrl}/api/auth`;

  async function visit(target: string | URL, options: RequestOptions = {}): Promise<Answer> {
    const url = new URL(target);
    const { body, method = body === undefined ? "GET" : "POST", uncounted, inherent } = options;
    const headers = new Headers({ origin: host.siteUrl, ...options.headers });
    const form = body instanceof URLSearchParams;
    if (body !== undefined && !form) headers.set("content-type", "application/json");
    // Also by its other name: a preview of the app is on another origin.
    const ours = url.port === new URL(host.siteUrl).port;
    if (ours && cookies.size > 0)
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const path = url.pathname.replace(/^\/api\/auth/, "");
    const label = options.label ?? `${method} ${path}`;
    return recorder.during(uncounted || !ours ? undefined : { label, inherent }, async () => {
      const response = await fetch(url, {
        method,
        headers,
        redirect: "manual",
        ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
      });
      if (ours) for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
      const text = await response.text();
      const location = response.headers.get("location");
      return {
        status: response.status,
        headers: response.headers,
        body: readBody(text) ?? {},
        text,
        location: location === null ? undefined : new URL(location, url),
      };
    });
  }

  return {
    cookies,
    visit,
    get: (path, options) => visit(`${base}${path}`, options),
    post: (path, body = {}, options) => visit(`${base}${path}`, { ...options, body }),
    async token() {
      const { status, body } = await visit(`${base}/convex/token`, { uncounted: true });
      return status === 200 && typeof body.token === "string" ? body.token : null;
    },
  };
}
