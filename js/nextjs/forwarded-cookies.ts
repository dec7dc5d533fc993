/** The cookies of a request once its answer has set some: what a page that is rendered after them must see. */
import type { CookieJar } from "../client/plugins/cookie-jar.js";
import { cookieHeader, storeCookies } from "../client/plugins/cookie-jar.js";
import { rawCookies } from "../utils/cookies.js";

/** A `Cookie` header's value with what `Set-Cookie` headers change in it. Next's own jar (16.4) is no export of its own. */
export function cookiesAfter(
  sent: string | null,
  setCookies: readonly string[],
  now: number,
): string {
  const cookies = [...rawCookies(sent)].map(([name, value]) => [name, { value, expires: null }]);
  let jar = Object.fromEntries(cookies) as CookieJar;
  for (const line of setCookies) jar = storeCookies(jar, line, now);
  return cookieHeader(jar, now);
}
