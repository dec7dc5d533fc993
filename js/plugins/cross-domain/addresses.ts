/** Addresses in requests: which fields are some, what a relative one means, and which page is home. */
import type { AuthContext } from "better-auth";

/** The frontends: the first is home where a flow names no other. */
export type Sites = readonly [URL, ...URL[]];

/** What the name of an address is about, and how it ends. */
const KIND = /callback|redirect|return|success|cancel|error/i;
const END = /(?:url|uri|to)$/i;

/** Fields of a link or form that name a page of the flow's own frontend, in the order in which they are believed. */
const HOME_FIELDS = ["callbackURL", "popupOrigin", "errorCallbackURL"];

/** Better Auth (1.7) notes the start of a flow under this and its state. Its own name for it comes with all of its database code. */
const STATE_IDENTIFIER = "auth-state:";

/** Better Auth's state travels under these names: OAuth 2.0 (RFC 6749 section 4.1.1) and SAML. */
const STATE_FIELDS = ["state", "RelayState"];

/**
 * Fields that say where to go: `callbackURL`, `newUserCallbackURL`, `errorCallbackURL`, `redirectTo`, `cancelUrl`,
 * `returnUrl`, `successUrl`, and those that plugins will invent. Others, as a user's `image` or `websiteUrl`, are data.
 * Two expressions, because strangers choose the names: one with `.*` between both parts takes a time that grows with the
 * square of a name's length.
 */
function isAddressField(name: string): boolean {
  const end = name.search(END);
  return end > 0 && KIND.test(name.slice(0, end));
}

/**
 * The page of `base`'s origin that a relative address means; null for any other value. Browsers read `//host`, `/\\host`
 * and `/<tab>/host` as other hosts (URL standard, section 4.4): those are left to Better Auth's check.
 */
function relativeTo(base: URL, value: unknown): URL | null {
  if (!isPath(value) || !URL.canParse(value, base.href)) return null;
  const page = new URL(value, base);
  return page.origin === base.origin ? page : null;
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/");
}

/** The same fields with relative addresses resolved against `page`; the very same object when there are none. */
export function resolveAddresses<Fields extends Record<string, unknown>>(
  fields: Fields,
  page: URL,
): Fields {
  const resolved = Object.entries(fields).flatMap(([name, value]) => {
    const address = addressIn(name, value, page);
    return address === null ? [] : [[name, address]];
  });
  return resolved.length === 0 ? fields : { ...fields, ...Object.fromEntries(resolved) };
}

/** The same URL with relative addresses in its query resolved against `page`. */
export function resolvedUrl(url: string, page: URL): string {
  const next = new URL(url);
  const fields = [...next.searchParams];
  const resolved = fields.map(([name, value]) => [name, addressIn(name, value, page) ?? value]);
  if (resolved.every(([, value], index) => value === fields[index]?.[1])) return url;
  // Set at once: each change of `searchParams` writes the whole URL anew.
  next.search = new URLSearchParams(resolved).toString();
  return next.href;
}

function addressIn(name: string, value: unknown, page: URL): string | null {
  return isPath(value) && isAddressField(name) ? (relativeTo(page, value)?.href ?? null) : null;
}

/**
 * The page that relative addresses of a tab's request are relative to: one of the tab's own origin, if it is trusted. An origin
 * does not tell where below it a frontend is, as one of GitHub's pages is; its own address does.
 */
export function pageOf(origin: string | null, context: AuthContext, sites: Sites): URL {
  const isOwn = origin !== null && URL.canParse(origin) && context.isTrustedOrigin(origin);
  if (!isOwn || origin === apiOrigin(context)) return sites[0];
  return sites.find((site) => site.origin === origin) ?? new URL(origin);
}

/** The origin under which the public reaches Better Auth. */
export function apiOrigin(context: AuthContext): string {
  return new URL(context.baseURL).origin;
}

/** True for the address at which Better Auth ends what names no page: its base URL, with the base path or without. */
export function isBase(value: unknown, context: AuthContext): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { origin, pathname } = new URL(value);
  const bases = ["", new URL(context.baseURL).pathname.replace(/\/$/, "")];
  return origin === apiOrigin(context) && bases.includes(pathname.replace(/\/$/, ""));
}

/** The path of a URL below Better Auth's base path; null for any other. */
export function pathOf(url: string, context: AuthContext): string | null {
  const base = new URL(context.baseURL).pathname.replace(/\/$/, "");
  const { pathname } = new URL(url);
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : null;
}

/**
 * The page to which a navigation is to be brought: the one that its link names, or the one that its flow was started for,
 * if it is trusted; else the first frontend. Bringing it to the very page at which the flow will end saves a page load.
 */
export async function homeOf(
  fields: URLSearchParams,
  context: AuthContext,
  sites: Sites,
): Promise<URL> {
  for (const name of HOME_FIELDS) {
    const named = trustedPage(fields.get(name), context, sites);
    if (named) return named;
  }
  const state = stateOf(fields);
  const started = state === null ? null : await startOf(state, context);
  const wanted = fields.has("error") ? ["errorURL", "callbackURL"] : ["callbackURL"];
  for (const name of wanted) {
    const named = trustedPage(started?.[name], context, sites);
    if (named) return named;
  }
  return new URL(sites[0]);
}

/** The flow's state in the fields of a navigation. */
export function stateOf(fields: URLSearchParams): string | null {
  return STATE_FIELDS.map((name) => fields.get(name)).find(Boolean) ?? null;
}

function trustedPage(value: unknown, context: AuthContext, sites: Sites): URL | null {
  const own = relativeTo(sites[0], value);
  if (own) return own;
  if (typeof value !== "string" || !URL.canParse(value) || !context.isTrustedOrigin(value))
    return null;
  const page = new URL(value);
  return page.origin === apiOrigin(context) ? null : page;
}

/** What Better Auth noted when the flow was started; null for an unknown state, and where a cookie has it. */
async function startOf(
  state: string,
  context: AuthContext,
): Promise<Record<string, unknown> | null> {
  const row = await context.internalAdapter.findVerificationValue(STATE_IDENTIFIER + state);
  try {
    return row ? (JSON.parse(row.value) as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
