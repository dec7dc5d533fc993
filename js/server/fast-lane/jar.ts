/** The cookies of a request, and those of an answer, as Better Auth (1.7, `better-call`) reads and writes them. */
import { COOKIE_HEADER } from "../../plugins/shared/cross-domain-protocol.js";
import type { LaneCookie, LaneFacts } from "../../plugins/convex/lane-facts.js";
import { parseCookieHeader } from "../../utils/cookies.js";

/** The end of the session cookie's name, whatever the app's prefix; an app may give it another name altogether. */
const SESSION_END = "session_token";

/** What a request brings. */
export interface Jar {
  /** Sent by a tab that keeps its cookies itself. */
  readonly isTab: boolean;
  readonly cookies: ReadonlyMap<string, string>;
  /** The cookie that can be the session's. */
  readonly candidate: string | null;
}

/** The cookies of a request; null where it is left to Better Auth what they mean. */
export function jarOf({ headers }: Request): Jar | null {
  const tab = headers.get(COOKIE_HEADER);
  const text = tab ?? headers.get("cookie") ?? "";
  if (text.includes('"')) return null;
  const cookies = parseCookieHeader(text);
  const candidates = [...cookies.keys()].filter((name) => name.endsWith(SESSION_END));
  if (candidates.length > 1) return null;
  return { isTab: tab !== null, cookies, candidate: candidates[0] ?? null };
}

/** The session token in the candidate; null where its signature is none of the app's. */
export async function sessionTokenIn(
  { cookies, candidate }: Jar,
  key: CryptoKey,
): Promise<string | null> {
  const value = candidate === null ? undefined : cookies.get(candidate);
  const dot = value?.lastIndexOf(".") ?? -1;
  if (!value || dot < 1) return null;
  const signature = value.slice(dot + 1);
  if (signature.length !== 44 || !signature.endsWith("=")) return null;
  const token = value.slice(0, dot);
  try {
    const bytes = Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
    const text = new TextEncoder().encode(token);
    return (await crypto.subtle.verify("HMAC", key, bytes, text)) ? token : null;
  } catch {
    return null;
  }
}

/** Whether the app's session cookie is one that {@link jarOf} finds, and the request has no cookie that changes the answer. */
export function isPlainJar({ cookies, isTab }: Jar, { cookies: names, tabs }: LaneFacts): boolean {
  if (!names.session.endsWith(SESSION_END) || (isTab && !tabs)) return false;
  // The latter may come in pieces: its name with a number behind it.
  return ![...cookies.keys()].some(
    (name) => name === names.temporary || name.startsWith(names.data),
  );
}

/** Whether {@link setCookie} knows how the attributes of a cookie are spelt. */
export function isPlainCookie({ name, attributes }: LaneCookie): boolean {
  const {
    domain: _domain,
    path: _path,
    httpOnly: _httpOnly,
    secure: _secure,
    sameSite,
    partitioned,
    ...others
  } = attributes;
  if (Object.values(others).some((value) => value !== undefined)) return false;
  return !/^__host-/i.test(name) && !partitioned && !/^none$/i.test(String(sameSite));
}

/** The `Set-Cookie` of a plain cookie; `maxAge` in seconds. `serializeCookie` of `better-call` would bring 12 kB along. */
export function setCookie({ name, attributes }: LaneCookie, value: string, maxAge: number): string {
  const { domain, path, httpOnly, secure, sameSite } = attributes;
  const isSecure = Boolean(secure) || /^__secure-/i.test(name);
  const site = typeof sameSite === "string" ? sameSite : "";
  return [
    `${name}=${encodeURIComponent(value)}`,
    `Max-Age=${String(maxAge)}`,
    ...(domain ? [`Domain=${String(domain)}`] : []),
    ...(path ? [`Path=${String(path)}`] : []),
    ...(httpOnly ? ["HttpOnly"] : []),
    ...(isSecure ? ["Secure"] : []),
    ...(site ? [`SameSite=${site.charAt(0).toUpperCase()}${site.slice(1)}`] : []),
  ].join("; ");
}
