import { parsedUrl } from "./parsed-url.js";

/** Any origin: what counts is whether a value leaves it. */
const HERE = "http://here.invalid";

/**
 * Where a page may send its visitor on, of what its address says (`?redirectTo=`): a path on this origin, with query and
 * hash. Anybody can write such an address, so whatever leads elsewhere, as the WHATWG URL standard reads it, gives the
 * fallback.
 *
 * @param value What the address says; anything but a text gives the fallback.
 * @param fallback A path. @default "/"
 */
export function safeRedirectTo(value: unknown, fallback = "/"): string {
  if (typeof value !== "string" || !value.startsWith("/")) return fallback;
  const url = parsedUrl(value, HERE);
  if (!url) return fallback;
  const { origin, pathname, search, hash } = url;
  // `/.//host` stays on this origin as it is read here, and would not once its dots are gone.
  return origin === HERE && !pathname.startsWith("//") ? pathname + search + hash : fallback;
}
