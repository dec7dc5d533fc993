/** How a navigation that was brought home goes on in this tab. */
import { TICKET_PARAMETER } from "../../plugins/shared/cross-domain-protocol.js";
import type { ReplayAnswer } from "../../plugins/shared/cross-domain-protocol.js";
import { parsedUrl } from "../../utils/parsed-url.js";

/** A page that does not leave although it was told to (a download, say) goes on without. */
const LEAVING_MS = 10_000;

/** What is no address of a page or app. */
const SCRIPT_SCHEME = /^(?:javascript|data|blob|vbscript|file):/i;

/** Two addresses that differ in none of these are of one document. */
const PAGE_PARTS = ["origin", "pathname", "search"] as const;

/**
 * The ticket in the page's address, or null. The address loses it before anything else happens: it must stay neither in
 * the history nor in what the page sends as its referrer.
 */
export function takeTicket(): string | null {
  const url = address();
  const ticket = ticketOf(url);
  if (!url || ticket === null) return null;
  url.searchParams.delete(TICKET_PARAMETER);
  setAddress(url);
  return ticket;
}

/** The ticket in a link, or null. */
export function ticketOf(url: URL | null): string | null {
  return url?.searchParams.get(TICKET_PARAMETER) ?? null;
}

/**
 * Goes where the navigation leads, as a browser on one origin would have. An error that has no page of its own is told to
 * the page from which the flow was started, else to this one, as `?error=`. Settles when the page is to go on.
 */
export async function follow(answer: ReplayAnswer, startedAt: string | null): Promise<void> {
  const here = address();
  const target = here && targetOf(answer, here, startedAt);
  if (!target || SCRIPT_SCHEME.test(target.protocol)) return;
  // A flow mostly ends at the page that it was brought home to: nothing need be loaded again.
  const isHere = PAGE_PARTS.every((part) => target[part] === here[part]);
  if (isHere && target.hash === here.hash) return setAddress(target);
  // A hash is gone to, which hash routers are told of, as they are not of a changed history. One that goes leaves its "#",
  // without which the page would be loaded again.
  if (isHere) target.hash ||= "#";
  window.location.replace(target);
  // The page is on its way out and must not show for a moment what it would be signed in. An app's address does not
  // unload it.
  if (!isHere && /^https?:$/.test(target.protocol))
    await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
}

function targetOf({ url, error }: ReplayAnswer, here: URL, startedAt: string | null): URL | null {
  if (!error) return url === null ? null : parsedUrl(url, here);
  const page = parsedUrl(startedAt ?? here) ?? new URL(here);
  page.searchParams.set("error", error.code);
  if (error.message !== undefined) page.searchParams.set("error_description", error.message);
  return page;
}

/** The page's address; null without a page, as in React Native. */
export function address(): URL | null {
  const href =
    typeof window === "undefined"
      ? undefined
      : (window as { location?: { href?: string } }).location?.href;
  return href === undefined ? null : parsedUrl(href);
}

function setAddress(url: URL): void {
  window.history.replaceState(window.history.state, "", url);
}
