/** A parked navigation, gone on with by the tab: the same request, now with the tab's cookies. */
import type { AuthContext } from "better-auth";
import { RESUME_PATH } from "../shared/cross-domain-protocol.js";
import { markTabRequest } from "../shared/tab-request.js";
import { apiOrigin, pageOf, resolvedUrl } from "./addresses.js";
import type { Sites } from "./addresses.js";
import { keyIn } from "./shown-page.js";
import { browserHeaders } from "./tab.js";
import type { ParkedNavigation } from "./tickets.js";
import { redeem } from "./tickets.js";

/** True for the request by which a tab goes on. */
export function isResume({ method }: Request, path: string | null): boolean {
  return method === "POST" && path === RESUME_PATH;
}

/** The parked request in place of the one by which the tab goes on with it, or the refusal. */
export async function replayed(
  request: Request,
  context: AuthContext,
  sites: Sites,
): Promise<{ request: Request } | { response: Response }> {
  // What is done here is done as the browser's user, so nobody but a page of the app may ask for it.
  const origin = request.headers.get("origin");
  if (origin !== null && !context.isTrustedOrigin(origin))
    return refusal(403, "INVALID_ORIGIN", "This origin is not one of the app's trusted origins.");
  const ticket = await ticketIn(request);
  if (ticket === null) return refusal(400, "INVALID_TICKET", "`ticket` must be a string.");
  const parked = await redeem(context, "navigation", ticket);
  // One answer for every reason: nothing is learnt from trying.
  if (!parked)
    return refusal(401, "INVALID_TICKET", "This link was opened before, or is over. Start again.");
  const headers = browserHeaders(request, context);
  const isOwn = parked.formKey !== undefined && parked.formKey === keyIn(headers, context);
  for (const name of NOT_SENT) headers.delete(name);
  return {
    request: asNavigation(
      parked,
      isOwn ? ofOwnForm(headers, context) : ofAnotherSite(headers, parked),
      pageOf(origin, context, sites),
    ),
  };
}

/** Headers of the request by which the tab goes on, which a browser does not send with a link or form. */
const NOT_SENT = ["authorization", "content-length", "content-type", "origin", "referer"];

/** What browsers say of links and forms (https://www.w3.org/TR/fetch-metadata/). */
const NAVIGATION = {
  accept: "text/html",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
};

/**
 * The headers as the tab's browser would send them for a link or form of another site. It need not be the one that was
 * brought home: a stranger may have had it parked, with headers of his own making, so none of those count.
 */
function ofAnotherSite(headers: Headers, { body }: ParkedNavigation): Headers {
  headers.set("sec-fetch-site", "cross-site");
  // Better Auth's cookies are SameSite=Lax: browsers send them with what a link opens, and not with what the form of
  // another site posts (RFC 6265bis section 5.5.1).
  if (body !== null) headers.delete("cookie");
  return headers;
}

/** The headers for the form of a page that this tab was sent to, see {@link keyIn}. */
function ofOwnForm(headers: Headers, context: AuthContext): Headers {
  headers.set("sec-fetch-site", "same-origin");
  headers.set("origin", apiOrigin(context));
  return headers;
}

function asNavigation(parked: ParkedNavigation, headers: Headers, page: URL): Request {
  const { method, url, body } = parked;
  for (const [name, value] of Object.entries(NAVIGATION)) headers.set(name, value);
  if (body !== null) headers.set("content-type", "application/x-www-form-urlencoded");
  return markTabRequest(new Request(resolvedUrl(url, page), { method, headers, body }), page);
}

async function ticketIn(request: Request): Promise<string | null> {
  const body: unknown = await request.json().catch(() => null);
  const ticket: unknown =
    typeof body === "object" && body !== null && "ticket" in body ? body.ticket : null;
  return typeof ticket === "string" && ticket !== "" ? ticket : null;
}

function refusal(status: number, code: string, message: string): { response: Response } {
  return {
    response: Response.json(
      { code, message },
      { status, headers: { "Cache-Control": "no-store" } },
    ),
  };
}
