/**
 * Documents that Better Auth answers a navigation with: a page that ends a popup or asks whether to log out, metadata of a
 * service provider, a file. They are meant for the deployment's own origin, so the tab is sent there for them.
 *
 * What the form of such a page posts is to run with the cookies of the tab that was sent there, and in no other: a stranger
 * can have any form brought home. So the tab's jar and the browser each get a random key beside the page. The browser's comes
 * back with the form, and counts in the tab that has the same.
 */
import type { AuthContext } from "better-auth";
import { generateRandomString } from "better-auth/crypto";
import { parseCookieHeader } from "../../utils/cookies.js";
import { pageOf } from "./addresses.js";
import type { Sites } from "./addresses.js";
import type { KeptPage } from "./tickets.js";
import { bytesOf, keep, redeem } from "./tickets.js";

/** Where a document is shown. */
export const PAGE_PATH = "/cross-domain/page";

/** Pages that end a flow are some kB. */
const MOST_BYTES = 256 * 1024;

/** For as long as a page is looked at before its button is pressed. */
const KEY_LIFETIME_S = 600;

/** Whose form was posted: the page's key, and where the tab is that was sent to the page. */
export interface ShownForm {
  readonly key: string;
  readonly home: URL;
}

/**
 * True for an answer that a browser would show or save. JSON is what endpoints answer where a script asks: a link that gets
 * it, as that of a mail without a `callbackURL`, ends at the app.
 */
export function isDocument({ ok, headers }: Response): boolean {
  const type = headers.get("content-type") ?? "";
  if (type.includes("text/html")) return true;
  const isFile = /^\s*attachment\b/i.test(headers.get("content-disposition") ?? "");
  return ok && type !== "" && (isFile || !/[/+]json\b/i.test(type));
}

/**
 * Keeps a document for a minute and gives its address, or null when it is too large. A form's key is added to `cookies`, the
 * headers of the answer to the tab.
 */
export async function keepDocument(
  response: Response,
  context: AuthContext,
  home: URL,
  cookies: Headers,
): Promise<string | null> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => name !== "set-cookie" && name !== "content-length"),
  );
  if (bytes.length > MOST_BYTES) return null;
  const body = textOf(bytes);
  const page: KeptPage = { kind: "page", status: response.status, headers, body };
  const hasForm = headers["content-type"]?.includes("text/html") === true && /<form\b/i.test(body);
  const kept = hasForm
    ? { ...page, form: { key: generateRandomString(32), home: home.href } }
    : page;
  if (bytesOf(kept) > MOST_BYTES) return null;
  if (kept.form) cookies.append("set-cookie", cookieOf(kept.form.key, context));
  return `${context.baseURL}${PAGE_PATH}?ticket=${await keep(context, kept)}`;
}

/** The document that the tab was sent to this origin for. Null for any other request. */
export async function showPage(
  request: Request,
  path: string,
  context: AuthContext,
): Promise<Response | null> {
  if (path !== PAGE_PATH || request.method !== "GET") return null;
  const ticket = new URL(request.url).searchParams.get("ticket");
  const page = ticket === null ? null : await redeem(context, "page", ticket);
  if (!page) return new Response("This page is over.", { status: 410 });
  const { status, body, form } = page;
  const headers = new Headers(page.headers);
  if (form) {
    headers.append("set-cookie", cookieOf(`${form.key}.${form.home}`, context));
    const policy = headers.get("content-security-policy");
    // Some browsers hold the redirect that brings the form home to it, too: CSP level 3 (section 6.4.1) leaves that open.
    if (policy !== null)
      headers.set(
        "content-security-policy",
        policy.replace(/\bform-action 'self'/i, `$& ${new URL(form.home).origin}`),
      );
  }
  return new Response(bytesIn(body), { status, headers });
}

/** What a form of a page that was shown here came with; null for any other. */
export function shownForm(request: Request, context: AuthContext, sites: Sites): ShownForm | null {
  if (request.method !== "POST") return null;
  const [, key = "", address = ""] =
    /^([\w-]+)\.(.+)$/.exec(keyIn(request.headers, context) ?? "") ?? [];
  if (!URL.canParse(address)) return null;
  const home = new URL(address);
  // No other page than one of a trusted origin gets a ticket.
  const page = pageOf(home.origin, context, sites);
  return page.origin === home.origin ? { key, home } : null;
}

/** The key in the cookies of a tab, or of the browser. */
export function keyIn(headers: Headers, context: AuthContext): string | undefined {
  return parseCookieHeader(headers.get("cookie")).get(nameOf(context));
}

function nameOf(context: AuthContext): string {
  return context.createAuthCookie("shown_page").name;
}

function cookieOf(value: string, context: AuthContext): string {
  const name = nameOf(context);
  const secure = name.startsWith("__Secure-") ? "; Secure" : "";
  return `${name}=${encodeURIComponent(value)}; Max-Age=${String(KEY_LIFETIME_S)}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

/** A character a byte: as JSON, text of ASCII is as long as it is. */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
