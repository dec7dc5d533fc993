/**
 * The cookies of a request once its answer has set some: what a page that is rendered after them must see. Next (16.4) exports
 * no jar of its own, and the one of `js/client` keeps ends as well, which makes the kit larger.
 */
import { rawCookies } from "../utils/cookies.js";

/** A `Cookie` header's value with what `Set-Cookie` headers change in it. */
export function cookiesAfter(
  cookieHeader: string | null,
  setCookies: readonly string[],
  now: number,
): string {
  const cookies = rawCookies(cookieHeader);
  for (const setCookie of setCookies) {
    const [pair = "", ...attributes] = setCookie.split(";");
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    if (equals < 1 || name === "") continue;
    if (isOver(attributes, now)) cookies.delete(name);
    else cookies.set(name, pair.slice(equals + 1).trim());
  }
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/** `Max-Age` counts before `Expires` (RFC 6265 section 5.3). */
function isOver(attributes: readonly string[], now: number): boolean {
  const named = new Map(
    attributes.map((attribute) => {
      const [name = "", value = ""] = attribute.split("=");
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
  const maxAge = named.get("max-age");
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(named.get("expires") ?? "") <= now;
}
