/** Requests of a tab, made to look like those of a browser on one origin. */
import type { AuthContext } from "better-auth";
import { COOKIE_HEADER } from "../shared/cross-domain-protocol.js";
import { markTabRequest } from "../shared/tab-request.js";
import { apiOrigin, pageOf, resolveAddresses, resolvedUrl } from "./addresses.js";
import type { Sites } from "./addresses.js";

const CHALLENGE_HEADER = "x-pow-solution";

/**
 * True when a tab sent the request. Better Auth's `sentinelClient()` (0.4) answers a challenge with a request of its own,
 * past the plugin that adds cookies: from another origin than the deployment's it is the tab's all the same, with a jar
 * that is empty. As our header, a browser lets no page send that one unless the page's origin is trusted.
 */
export function isFromTab({ headers }: Request): boolean {
  return (
    headers.has(COOKIE_HEADER) ||
    (headers.has(CHALLENGE_HEADER) &&
      /^(?:cross|same)-site$/.test(headers.get("sec-fetch-site") ?? ""))
  );
}

/**
 * The headers as a browser would send them. The tab's cookies take the place of those that the browser may have for this
 * host, so that no script reads through the tab what is `HttpOnly`.
 */
export function browserHeaders(request: Request, context: AuthContext): Headers {
  const headers = new Headers(request.headers);
  const cookies = headers.get(COOKIE_HEADER);
  headers.delete(COOKIE_HEADER);
  if (cookies) headers.set("cookie", cookies);
  else headers.delete("cookie");
  // No page of another site can send our header without saying its origin (Fetch standard, CORS protocol), so this is a
  // native app. Better Auth wants an origin beside cookies, for cookies that a browser adds by itself.
  if (!headers.has("origin")) headers.set("origin", apiOrigin(context));
  return headers;
}

/** The request as a browser on one origin would send it, relative addresses resolved against the tab's own origin. */
export async function fromTab(
  request: Request,
  context: AuthContext,
  sites: Sites,
): Promise<Request> {
  const page = pageOf(request.headers.get("origin"), context, sites);
  const headers = browserHeaders(request, context);
  const bytes = await request.arrayBuffer();
  const body = isJson(headers) ? resolvedBody(new TextDecoder().decode(bytes), page) : bytes;
  return markTabRequest(
    new Request(resolvedUrl(request.url, page), {
      method: request.method,
      headers,
      // Better Auth (1.7) reads a body that is there, were it empty.
      ...(bytes.byteLength > 0 ? { body } : {}),
    }),
    page,
  );
}

function resolvedBody(text: string, page: URL): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || Array.isArray(body)) return text;
    const fields = body as Record<string, unknown>;
    const resolved = resolveAddresses(fields, page);
    return resolved === fields ? text : JSON.stringify(resolved);
  } catch {
    // No JSON: Better Auth says so.
    return text;
  }
}

function isJson(headers: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers.get("content-type") ?? "");
}
