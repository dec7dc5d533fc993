/** The JWT of a jar's session, in the same storage as its cookies and for no longer than those. */
import { isTokenExpired } from "../token-expiry.js";
import type { CookieJar } from "./cookie-jar.js";
import { sessionIn, wasSent } from "./cookie-jar.js";
import type { CookieStorage } from "./cookie-storage.js";

/** What is kept: the token, and the value of the session cookie whose it is. */
interface Kept {
  readonly token: string;
  readonly of: string;
}

/** Where the tokens of one jar are. */
export interface TokenPlaces {
  readonly key: string;
  /** For sessions that end with the tab. */
  readonly ofTab: CookieStorage;
  readonly lasting: CookieStorage;
}

/** The token of the jar's session; null where there is none, or it has ended. */
export async function readToken(places: TokenPlaces, jar: CookieJar): Promise<string | null> {
  const session = sessionIn(jar)?.value;
  for (const place of [places.ofTab, places.lasting]) {
    const kept = parse(await place.getItem(places.key));
    if (kept?.of === session && !isTokenExpired(kept?.token)) return kept?.token ?? null;
  }
  return null;
}

/**
 * Keeps a token in place of the one before, and null none. A token that answers a request with another session's cookie is not
 * kept: `sent` is what that had for a `Cookie` header, and another tab may have signed in meanwhile.
 */
export async function writeToken(
  places: TokenPlaces,
  jar: CookieJar,
  token: string | null,
  sent = "",
): Promise<void> {
  const session = sessionIn(jar);
  const isOfJar = session && wasSent(session, sent);
  const text = token !== null && isOfJar ? JSON.stringify({ token, of: session.value }) : "";
  const isOfTab = session?.expires === null;
  await places.ofTab.setItem(places.key, isOfTab ? text : "");
  await places.lasting.setItem(places.key, isOfTab ? "" : text);
}

function parse(text: string | null | undefined): Kept | null {
  try {
    return JSON.parse(text || "null") as Kept | null;
  } catch {
    return null;
  }
}
