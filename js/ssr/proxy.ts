import { proxyRequestHeaders, proxyResponseHeaders } from "../utils/proxy-headers.js";
import { reasonOf } from "./outages.js";
import type { Settings } from "./settings.js";
import type { HandlerOptions } from "./types.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/** Statuses of answers that have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = [101, 103, 204, 205, 304];

const PASSED_ON = "A request could not be passed on to";

/** Passes one request on to the deployment, and its answer back. */
export async function passOn(
  settings: Settings,
  request: Request,
  more: HandlerOptions,
): Promise<Response> {
  const target = targetOf(settings, request, more.mountedAt);
  if (target === null) return refusal(404, "NOT_FOUND", "There is nothing here.");
  if (!METHODS.includes(request.method)) {
    const answer = refusal(405, "METHOD_NOT_ALLOWED", "This method is not supported.");
    answer.headers.set("allow", METHODS.join(", "));
    return answer;
  }
  const ip = more.clientIp ?? settings.clientIp(request);
  const headers = proxyRequestHeaders(request.headers, {
    allow: settings.allowHeaders,
    signedClientIp: await settings.signIp(ip),
  });
  const hasBody = request.method !== "GET" && request.method !== "HEAD" && request.body !== null;
  const controller = new AbortController();
  const leave = (): void => controller.abort();
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, settings.timeoutMs);
  try {
    const answer = await settings.fetch(target, {
      method: request.method,
      headers,
      redirect: "manual",
      signal: controller.signal,
      // A body that is streamed needs `duplex` (Fetch standard), which the types of browsers do not know.
      ...(hasBody ? { body: request.body, duplex: "half" } : {}),
    } as RequestInit);
    settings.tellOutage(PASSED_ON, null);
    return answered(request, answer);
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    settings.tellOutage(PASSED_ON, reasonOf(error, isLate));
    return isLate
      ? refusal(504, "AUTH_UNAVAILABLE", "The deployment took too long to answer.")
      : refusal(502, "AUTH_UNAVAILABLE", "The deployment could not be reached.");
  } finally {
    clearTimeout(timer);
  }
}

function answered(request: Request, answer: Response): Response {
  const { status, statusText } = answer;
  const isEmpty = request.method === "HEAD" || WITHOUT_BODY.includes(status);
  const headers = proxyResponseHeaders(answer.headers);
  // Caches may keep what says nothing of it (RFC 9111 section 4.2.2), and some know no difference between visitors.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  return new Response(isEmpty ? null : answer.body, { status, statusText, headers });
}

/**
 * The deployment's address for a request; null for a path that is not below the base path, or that a server on the way
 * might read as another. Of the request's own address nothing but path and query is used.
 */
function targetOf(
  { basePath, convexSiteUrl }: Settings,
  request: Request,
  mountedAt = basePath,
): string | null {
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith(`${mountedAt}/`) || leadsElsewhere(pathname)) return null;
  // Frameworks that end all paths with a slash, as Next does by `trailingSlash`; no endpoint of Better Auth has one.
  const end = pathname.endsWith("/") ? -1 : undefined;
  return `${convexSiteUrl}${basePath}${pathname.slice(mountedAt.length, end)}${search}`;
}

/** How often a path may be encoded; data that was put into an address of an address is so twice. */
const MOST_ROUNDS = 8;

/**
 * Whether a path has steps upwards for whoever decodes it, however often, and whichever of its letters, were encoded. One
 * that is still encoded after some rounds is nobody's.
 */
function leadsElsewhere(pathname: string): boolean {
  let path = pathname;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const decoded = path
      .replace(/%([\da-f]{2})/gi, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
      // Parsers of URLs leave them out (WHATWG URL standard, section 4.4).
      .replace(/[\t\n\r]/g, "");
    if (decoded === path) return path.split(/[/\\]/).some((step) => step === "." || step === "..");
    path = decoded;
  }
  return true;
}

/** In the form of Better Auth's errors, which its clients read. */
function refusal(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { "cache-control": "no-store" } });
}
