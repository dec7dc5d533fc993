/** A parked navigation, gone on with by the tab: the same request, now with the tab's cookies. */
import type { AuthContext } from "better-auth";
import { RESUME_PATH } from "../shared/cross-domain-protocol.js";
import { markTabRequest } from "../shared/tab-request.js";
import { pageOf, resolvedUrl } from "./addresses.js";
import type { Sites } from "./addresses.js";
import { browserHeaders } from "./tab.js";
import type { ParkedNavigation } from "./tickets.js";
import { redeem } from "./tickets.js";

/** Where a page of Better Auth is shown, see {@link showPage}. */
export const PAGE_PATH = "/cross-domain/page";

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
  const page = pageOf(origin, context, sites);
  return { request: asNavigation(parked, browserHeaders(request, context), page) };
}

/** What browsers say of a link or form of another site (https://www.w3.org/TR/fetch-metadata/). */
const FROM_ANOTHER_SITE = {
  accept: "text/html",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "cross-site",
};

/**
 * The navigation as the tab's browser would send it for a link or form of another site. It need not be the one that was
 * brought home: a stranger may have had it parked, with headers of his own making, so none of those count.
 */
function asNavigation(parked: ParkedNavigation, headers: Headers, page: URL): Request {
  const { method, url, body } = parked;
  for (const name of ["authorization", "content-length", "content-type", "origin", "referer"])
    headers.delete(name);
  for (const [name, value] of Object.entries(FROM_ANOTHER_SITE)) headers.set(name, value);
  if (body !== null) {
    headers.set("content-type", "application/x-www-form-urlencoded");
    // Better Auth's cookies are SameSite=Lax: browsers send them with what a link opens, and not with what the form of
    // another site posts (RFC 6265bis section 5.5.1).
    headers.delete("cookie");
  }
  return markTabRequest(new Request(resolvedUrl(url, page), { method, headers, body }), page);
}

/**
 * A page that Better Auth answered a replay with, as the one that ends a popup: it is meant for this origin, so the tab is
 * sent here for it. Null for any other request.
 */
export async function showPage(
  request: Request,
  path: string,
  context: AuthContext,
): Promise<Response | null> {
  if (path !== PAGE_PATH || request.method !== "GET") return null;
  const ticket = new URL(request.url).searchParams.get("ticket");
  const page = ticket === null ? null : await redeem(context, "page", ticket);
  if (!page) return new Response("This page is over.", { status: 410 });
  return new Response(page.body, { status: page.status, headers: { ...page.headers } });
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
