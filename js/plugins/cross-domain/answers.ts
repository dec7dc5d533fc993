/** Answers to a tab: cookies that it can read, and redirects that it can follow itself. */
import type { AuthContext } from "better-auth";
import { SET_COOKIE_HEADER } from "../shared/cross-domain-protocol.js";
import type { FlowError, ReplayAnswer } from "../shared/cross-domain-protocol.js";
import { apiOrigin, isBase, pathOf } from "./addresses.js";
import { isDocument, keepDocument } from "./shown-page.js";
import { keep } from "./tickets.js";

/** What an answer says of the document that it brings, or of where it leads, and this one brings none. */
const OF_A_DOCUMENT = [
  ...["location", "content-type", "content-length", "content-disposition"],
  "content-security-policy",
];

/**
 * The answer to a tab's request. A redirect becomes `{ url, redirect: false }`: `fetch` would follow it without the tab
 * having seen its cookies.
 */
export async function answerTab(response: Response): Promise<Response> {
  const headers = mirrored(response.headers);
  const location = locationOf(response);
  if (location === null) return withHeaders(response, headers);
  headers.delete("location");
  return json({ url: location, redirect: false }, headers);
}

/**
 * The answer to a tab that goes on with a navigation: what the browser would have done next, as a {@link ReplayAnswer}.
 * `home` is the tab's page.
 */
export async function answerReplay(
  response: Response,
  context: AuthContext,
  home: URL,
): Promise<Response> {
  const answered = new Headers(response.headers);
  const answer = await replayAnswer(response, context, home, answered);
  const headers = mirrored(answered);
  for (const name of OF_A_DOCUMENT) headers.delete(name);
  headers.set("cache-control", "no-store");
  return json(answer, headers);
}

/** Cookies that the tab is to have beside the answer's are added to `cookies`. */
async function replayAnswer(
  response: Response,
  context: AuthContext,
  home: URL,
  cookies: Headers,
): Promise<ReplayAnswer> {
  const location = locationOf(response);
  if (location !== null) return afterRedirect(location, context);
  if (isDocument(response)) {
    const url = await keepDocument(response, context, home, cookies);
    return url === null ? { url, error: { code: "ANSWER_TOO_LARGE" } } : { url };
  }
  if (response.ok) return { url: null };
  return { url: null, error: await errorIn(response) };
}

async function afterRedirect(location: string, context: AuthContext): Promise<ReplayAnswer> {
  const url = new URL(location, `${context.baseURL}/`);
  // A path belongs to the app, which has all pages but Better Auth's own.
  if (!URL.canParse(location) || url.origin !== apiOrigin(context)) return { url: location };
  // The root of the app.
  if (isBase(location, context)) return { url: `/${url.search}${url.hash}` };
  const path = pathOf(location, context);
  if (path === null) return { url: location };
  if (path === "/error") return { url: null, error: errorOf(url.searchParams) };
  // Better Auth (1.7) looks at what arrives, and this does not arrive again.
  if (context.options.disabledPaths?.some((disabled) => isSamePath(path, disabled)))
    return { url: null, error: { code: "HTTP_404" } };
  const ticket = await keep(context, {
    kind: "navigation",
    method: "GET",
    url: url.href,
    body: null,
  });
  return { url: null, ticket };
}

/** Slashes at the end do not count. Looked for from where they begin: `/\/+$/` tries anew at each slash of a path of many. */
function isSamePath(path: string, disabled: string): boolean {
  return path.startsWith(disabled) && /^\/*$/.test(path.slice(disabled.length));
}

function errorOf(fields: URLSearchParams): FlowError {
  return {
    code: fields.get("error") ?? "UNKNOWN",
    message: fields.get("error_description") ?? undefined,
  };
}

async function errorIn(response: Response): Promise<FlowError> {
  const body: unknown = await response.json().catch(() => null);
  const { code, message } = Object(body) as Record<string, unknown>;
  return {
    code: typeof code === "string" ? code : `HTTP_${String(response.status)}`,
    message: typeof message === "string" ? message : undefined,
  };
}

function locationOf({ status, headers }: Response): string | null {
  return status >= 300 && status < 400 ? headers.get("location") : null;
}

/** Every `Set-Cookie` in a header that scripts may read, and none that the browser would keep for this host. */
function mirrored(answer: Headers): Headers {
  const headers = new Headers(answer);
  const cookies = headers.getSetCookie();
  headers.delete("set-cookie");
  if (cookies.length === 0) return headers;
  headers.set(SET_COOKIE_HEADER, cookies.join(", "));
  headers.append("access-control-expose-headers", SET_COOKIE_HEADER);
  return headers;
}

function withHeaders(response: Response, headers: Headers): Response {
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

function json(body: object, headers: Headers): Response {
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { headers });
}
