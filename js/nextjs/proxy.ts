/** What runs before the pages: `proxy.ts` of Next 16, `middleware.ts` of Next 15. */
import type { NextRequest } from "next/server.js";
import { NextResponse } from "next/server.js";
import type { AuthServer } from "../ssr/index.js";
import { cookiesAfter } from "./forwarded-cookies.js";

/** Options of {@link NextAuth.proxy}. */
export interface ProxyOptions {
  /**
   * Where visitors who are not signed in are sent, with where they wanted to go in `?redirectTo=`. Without it nobody is
   * sent anywhere, and the proxy only renews tokens.
   */
  readonly signInPath?: string | undefined;
  /**
   * Paths for everybody, beside `signInPath`: `"/about"` is that page alone, `"/blog/*"` is `/blog` and all below it.
   * Without any, all other paths are for signed-in users.
   */
  readonly publicPaths?: readonly string[] | undefined;
}

/** A function for `proxy.ts` or `middleware.ts`. */
export type NextProxy = (request: NextRequest) => Promise<NextResponse>;

/** The parameter that keeps where the visitor wanted to go. Read it with `safeRedirectTo` of `convex-gate/utils`. */
const REDIRECT_TO = "redirectTo";

/** Any origin. */
const HERE = "http://here.invalid";

/** Makes a proxy. `basePath` is that of the auth endpoints. */
export function createProxy(
  server: () => AuthServer,
  basePath: string,
  clientIpOf: (headers: Headers) => string | null,
  options: ProxyOptions,
): NextProxy {
  const { signInPath, publicPaths = [] } = options;
  const open = [signInPath ?? "/*", ...publicPaths].map(asInRequests);
  const isPublic = (path: string): boolean => open.some((each) => covers(each, path));

  return async (request) => {
    const { pathname: path, basePath: mount } = request.nextUrl;
    // The auth endpoints go by their public path; Next leaves its own `basePath` out of those of pages.
    if (covers(`${basePath}/*`, mount + path) || covers("/_next/*", path))
      return NextResponse.next();

    const auth = server().forRequest(request.headers, {
      canSetCookies: true,
      clientIp: clientIpOf(request.headers),
    });
    const { session } = await auth.getState();
    // Whether somebody is signed in may be unknown: then the page says so, and nobody is sent away.
    const isRefused = session === "signedOut" && !isPublic(path);
    const setCookies = auth.setCookies();
    const response = isRefused ? toSignIn(request, signInPath ?? "/") : pass(request, setCookies);
    for (const cookie of setCookies) response.headers.append("set-cookie", cookie);
    // Next sends prerendered pages with `s-maxage`: a cache would give these cookies, or this redirect, to everybody.
    if (isRefused || setCookies.length > 0)
      response.headers.set("cache-control", "private, no-store");
    return response;
  };
}

/** The page is rendered in a call of its own, which must see the cookies that this one has just got. */
function pass(request: NextRequest, setCookies: readonly string[]): NextResponse {
  if (setCookies.length === 0) return NextResponse.next();
  const headers = new Headers(request.headers);
  headers.set("cookie", cookiesAfter(headers.get("cookie"), setCookies, Date.now()));
  return NextResponse.next({ request: { headers } });
}

function toSignIn({ method, nextUrl }: NextRequest, signInPath: string): NextResponse {
  const url = nextUrl.clone();
  url.pathname = signInPath;
  url.search = "";
  url.searchParams.set(REDIRECT_TO, nextUrl.pathname + nextUrl.search);
  // What was posted is not for the sign-in page: 303 makes it a GET (RFC 9110 section 15.4.4).
  return NextResponse.redirect(url, method === "GET" || method === "HEAD" ? 307 : 303);
}

/** Two forms, and no more: a router's patterns would have rules of their own for what is public. */
function covers(pattern: string, path: string): boolean {
  const bare = withoutEnd(path);
  if (!pattern.endsWith("/*")) return withoutEnd(pattern) === bare;
  const folder = pattern.slice(0, -2);
  return bare === withoutEnd(folder) || bare.startsWith(`${folder}/`);
}

/**
 * A path as requests have it: `/über` is `/%C3%BCber`. Patterns are put into that form and requests are never decoded, so what
 * is spelled otherwise is not public.
 */
function asInRequests(path: string): string {
  return URL.canParse(path, HERE) ? new URL(path, HERE).pathname : path;
}

function withoutEnd(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
