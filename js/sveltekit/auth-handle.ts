import type { Handle, RequestEvent } from "@sveltejs/kit";
import { normalizeBasePath } from "../auth-config/base-path.js";
import type { AuthServer, AuthServerOptions, RequestAuth } from "../ssr/index.js";
import { cacheControlFor } from "../ssr/caching.js";
import { createAuthServer } from "../ssr/index.js";
import { hasSessionCookie } from "../ssr/session-cookies.js";
import { forbiddenForm } from "./forbidden-form.js";

type Address = "convexUrl" | "convexSiteUrl" | "siteUrl";

/** Options of {@link createAuthHandle}. */
export interface AuthHandleOptions extends Omit<AuthServerOptions, Address> {
  /** `PUBLIC_CONVEX_URL`, such as `https://happy-otter-123.convex.cloud`. */
  readonly convexUrl: string | undefined;
  /** `PUBLIC_CONVEX_SITE_URL`, such as `https://happy-otter-123.convex.site`. */
  readonly convexSiteUrl: string | undefined;
  /** `SITE_URL`, the app's own public origin. It is configured, because whoever sends a request chooses the host that it names. */
  readonly siteUrl: string | undefined;
  /**
   * Refuses form posts of other sites everywhere but below the base path, as SvelteKit itself does everywhere. For an app that
   * has to turn SvelteKit's check off with `csrf: { trustedOrigins: ["*"] }`, because identity providers post to it of which
   * nobody can make a list. @default false
   */
  readonly checkOrigin?: boolean | undefined;
}

/**
 * Makes a `handle` for `src/hooks.server.ts`, which may be one of a `sequence`. It gives every request `event.locals.auth`,
 * appends the cookies that auth of the request got to its response, and passes requests below `/api/auth` on to the deployment
 * with the visitor's address, which it takes from `event.getClientAddress()`.
 *
 * The options are looked at when a request first needs auth, since a build has none of the variables of the server that will
 * run: GateError `INVALID_OPTION` is thrown then for an address that is missing or cannot be meant.
 */
export function createAuthHandle(options: AuthHandleOptions): Handle {
  const basePath = normalizeBasePath(options.basePath);
  let made: AuthServer | undefined;
  const server = (): AuthServer => (made ??= createAuthServer(checked(options)));

  return async function authHandle({ event, resolve }) {
    let auth: RequestAuth | undefined;
    Object.defineProperty(event.locals, "auth", {
      enumerable: true,
      configurable: true,
      get: () =>
        (auth ??= server().forRequest(event.request.headers, { clientIp: clientIp(event) })),
    });
    if (event.url.pathname.startsWith(`${basePath}/`))
      return server().handler(event.request, { clientIp: clientIp(event) });
    if (options.checkOrigin) {
      const refusal = forbiddenForm(event);
      if (refusal) return refusal;
    }
    const response = await resolve(event);
    if (auth !== undefined) return answered(response, auth);
    // By the cookie alone: a page that has no use for auth needs no options either.
    const mayAsk = isStreamed(response) && hasSessionCookie(event.request.headers, options);
    return mayAsk ? keptApart(response) : response;
  };

  function clientIp(event: RequestEvent): string | null {
    try {
      return options.proxy?.clientIp?.(event.request) ?? event.getClientAddress();
    } catch {
      // While a page is prerendered there is no visitor, and an adapter may not find the header that it was told of.
      return null;
    }
  }
}

/** Addresses that are missing are told of by `createAuthServer`, which names the variables. */
function checked(options: AuthHandleOptions): AuthServerOptions {
  const { convexUrl = "", convexSiteUrl = "", siteUrl = "" } = options;
  return { ...options, convexUrl, convexSiteUrl, siteUrl };
}

/** SvelteKit names the length of what it has whole (2.70): of what it streams, a part may still ask for auth. */
function isStreamed({ body, headers }: Response): boolean {
  return body !== null && !headers.has("content-length");
}

/** A response that may yet get a user's data, when its headers are sent already. */
function keptApart(response: Response): Response {
  const present = response.headers.get("cache-control");
  const caching = cacheControlFor({ present, isSignedIn: true, setsCookies: false });
  if (caching === undefined) return response;
  const answer = new Response(response.body, response);
  answer.headers.set("cache-control", caching);
  return answer;
}

/** A response with what auth of its request adds. A page that streams may get a cookie too late: the next request asks again. */
async function answered(response: Response, auth: RequestAuth): Promise<Response> {
  const { session } = await auth.getState();
  const cookies = auth.setCookies();
  if (session !== "signedIn" && cookies.length === 0) return response;
  // The headers of one that `fetch` gave cannot be changed.
  const answer = new Response(response.body, response);
  for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
  const caching = cacheControlFor({
    present: answer.headers.get("cache-control"),
    isSignedIn: session === "signedIn",
    setsCookies: cookies.length > 0,
  });
  if (caching !== undefined) answer.headers.set("cache-control", caching);
  return answer;
}
