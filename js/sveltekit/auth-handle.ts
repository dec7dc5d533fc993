import type { Handle, RequestEvent } from "@sveltejs/kit";
import { normalizeBasePath } from "../auth-config/base-path.js";
import type { AuthServer, AuthServerOptions, RequestAuth } from "../ssr/index.js";
import { createAuthServer } from "../ssr/index.js";
import { forbiddenForm } from "./forbidden-form.js";

/** Options of {@link createAuthHandle}. */
export interface AuthHandleOptions extends AuthServerOptions {
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
  const server = (): AuthServer => (made ??= createAuthServer(options));

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
      const refusal = forbiddenForm(event, options.siteUrl);
      if (refusal) return refusal;
    }
    const response = await resolve(event);
    // A page that streams may get a cookie later than this: the browser gets it with its next request.
    for (const cookie of auth?.setCookies() ?? []) response.headers.append("set-cookie", cookie);
    return response;
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
