/** The JWT of a tab's session, in the same storage as its cookies and for no longer than those. */
import { isTokenExpired } from "../token-expiry.js";
import type { Jars } from "./cookie-jar.js";
import { cookiesIn, sessionIn } from "./cookie-jar.js";
import type { CookieStorage } from "./cookie-storage.js";
import { wasSent } from "./session-cookie.js";

/** What is kept: the token, and the session cookie whose it is. */
interface Kept {
  readonly token: string;
  readonly of: string;
}

/** Where the tokens of a tab are. */
export interface TokenPlaces {
  readonly key: string;
  /** For sessions that end with the tab. */
  readonly ofTab: CookieStorage;
  readonly lasting: CookieStorage;
}

/** The token of the jars' session; null where there is none, or it has ended. */
export async function readToken(places: TokenPlaces, jars: Jars): Promise<string | null> {
  const session = sessionIn(cookiesIn(jars));
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
  jars: Jars,
  token: string | null,
  sent = "",
): Promise<void> {
  const session = sessionIn(cookiesIn(jars));
  const isOfJars = session !== "" && wasSent(session, sent);
  const text = token !== null && isOfJars ? JSON.stringify({ token, of: session }) : "";
  const isOfTab = sessionIn(jars.tab) !== "";
  await places.ofTab.setItem(places.key, isOfTab ? text : "");
  // The lasting one is another tab's, where that has a session beneath this tab's own.
  if (!isOfTab || sessionIn(jars.lasting) === "")
    await places.lasting.setItem(places.key, isOfTab ? "" : text);
}

function parse(text: string | null | undefined): Kept | null {
  try {
    return JSON.parse(text || "null") as Kept | null;
  } catch {
    return null;
  }
}
