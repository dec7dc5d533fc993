/**
 * Navigations that arrive at the deployment's host, which no tab keeps cookies for: a provider's callback, a link of a
 * mail, the form post of an identity provider. They are parked and brought home, where the tab goes on with its cookies.
 */
import type { AuthContext } from "better-auth";
import { TICKET_PARAMETER } from "../shared/cross-domain-protocol.js";
import { apiOrigin, homeOf, stateOf } from "./addresses.js";
import type { Sites } from "./addresses.js";
import { UNCOUNTED } from "../shared/uncounted.js";
import { endpointAt, isEndless } from "./endpoints.js";
import { refusedByLimit } from "./limit.js";
import { shownForm } from "./shown-page.js";
import type { ParkedNavigation } from "./tickets.js";
import { bytesOf, keep } from "./tickets.js";

/** What is larger comes to nothing: codes and ID tokens, also those that list a user's groups, have some 10 kB. */
const MOST_BYTES = 64 * 1024;

/** An encrypted assertion with many groups is more, and `@better-auth/sso` takes up to as much. */
const MOST_BYTES_OF_SAML = 256 * 1024;

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** An endpoint of `@better-auth/expo` whose purpose is to leave the state cookie on this host, for a flow of an app. */
const LEAVES_COOKIE = "/expo-authorization-proxy";

/** What comes of a navigation: an answer, or one that takes the place of Better Auth's 404. */
export type Arrival = { readonly response: Response } | { readonly insteadOf404: Response };

/**
 * The redirect that brings a navigation home, or null for a request that is none of ours to touch.
 *
 * Parked is what a browser's tab or window opens (not a frame, not a script), with something in its query or form that a
 * flow goes on with: documents such as the key set have nothing of the kind. What belongs to a flow that keeps its cookies
 * on this host is not: it has its state cookie here, or is about to get it (native apps with `@better-auth/expo`); nor
 * what ends at this host, as everything does where the frontend passes `/api/auth` on.
 *
 * Anybody can have something parked, so nothing is where rate limits do not hold: at paths that are not counted, and at
 * paths without an endpoint, of which each has a counter of its own.
 */
export async function bringHome(
  request: Request,
  path: string,
  context: AuthContext,
  sites: Sites,
): Promise<Arrival | null> {
  if (!isNavigation(request) || path === LEAVES_COOKIE) return null;
  const endpoint = endpointAt(request.method, path, context);
  if (endpoint !== null && UNCOUNTED.includes(endpoint)) return null;
  const url = new URL(request.url);
  const body = request.method === "POST" ? await request.clone().text() : null;
  const fields = new URLSearchParams(url.search);
  for (const [name, value] of new URLSearchParams(body ?? "")) fields.append(name, value);
  const state = stateOf(fields);
  if (state !== null && holdsState(request, state, context)) return null;

  const form = shownForm(request, context, sites);
  const home = form?.home ?? (await homeOf(fields, context, sites));
  if (!isElsewhere(home, context, sites)) return null;
  // A link that ends in an app: `@better-auth/expo` hands it the cookies itself.
  if (!isWeb(home) && state === null && context.hasPlugin("expo")) return null;
  if (path === "/error") {
    // Better Auth's own page, which another answer led to. Set at once: each change of `searchParams` writes the URL anew.
    home.search = new URLSearchParams([...new Map([...home.searchParams, ...fields])]).toString();
    return { response: redirect(home) };
  }
  if (endpoint === null) return { insteadOf404: failed(home, "HTTP_404") };
  const parked: ParkedNavigation = {
    kind: "navigation",
    method: request.method,
    // The public address: what the backend's own host is called is nobody's business.
    url: apiOrigin(context) + url.pathname + url.search,
    body,
    ...(form ? { formKey: form.key } : {}),
  };
  const isSaml = endpoint.includes("/saml2/") && fields.has("SAMLResponse");
  if (bytesOf(parked) > (isSaml ? MOST_BYTES_OF_SAML : MOST_BYTES))
    return { response: failed(home, "REQUEST_TOO_LARGE") };
  const refusal =
    isEndless(endpoint, path, context) && (await refusedByLimit(request, path, endpoint, context));
  if (refusal) return { response: refusal };
  home.searchParams.set(TICKET_PARAMETER, await keep(context, parked));
  return { response: redirect(home) };
}

function failed(home: URL, code: string): Response {
  home.searchParams.set("error", code);
  return redirect(home);
}

function isNavigation({ method, url, headers }: Request): boolean {
  const hasInput =
    method === "GET"
      ? new URL(url).search !== ""
      : method === "POST" && FORM.test(headers.get("content-type") ?? "");
  if (!hasInput) return false;
  // https://www.w3.org/TR/fetch-metadata/; Safari sends it since 16.4.
  const mode = headers.get("sec-fetch-mode");
  if (mode !== null)
    return mode === "navigate" && (headers.get("sec-fetch-dest") ?? "document") === "document";
  // Programs call the endpoints of OAuth, and Java's say that they take HTML. Browsers tell from where they post a form, and
  // none of them sends this header by itself.
  const isProgram = method === "POST" && !headers.has("origin") && !headers.has("referer");
  if (isProgram || headers.has("authorization")) return false;
  return headers.get("accept")?.includes("text/html") === true;
}

/** True when this very flow's state cookie is on this host. Under the cookie strategy only the cookie knows the state. */
function holdsState({ headers }: Request, state: string, context: AuthContext): boolean {
  const named = (name: string): string => `${context.createAuthCookie(name).name}=`;
  const own = [`${named("state")}${encodeURIComponent(state)}.`, named("oauth_state")];
  const sent = (headers.get("cookie") ?? "").split(/; */);
  return sent.some((cookie) => own.some((start) => cookie.startsWith(start)));
}

/** Where this host is a frontend itself, other trusted pages are no home: only frontends that are named as such are. */
function isElsewhere(home: URL, context: AuthContext, sites: Sites): boolean {
  const api = apiOrigin(context);
  const frontends = sites.map(({ origin }) => origin);
  return home.origin !== api && (!frontends.includes(api) || frontends.includes(home.origin));
}

function isWeb({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

function redirect(home: URL): Response {
  return new Response(null, {
    // After a form post, too, the browser is to GET (RFC 9110 section 15.4.4).
    status: 303,
    headers: {
      Location: home.href,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    },
  });
}
