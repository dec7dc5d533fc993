/** The cookie jar in a storage that may be synchronous, asynchronous or not there at all. */
import type { CookieJar, Jars } from "./cookie-jar.js";
import {
  cookieHeader,
  cookiesIn,
  liveIn,
  parseJar,
  sessionIn,
  splitCookies,
  storeCookies,
} from "./cookie-jar.js";
import type { CookieStorage } from "./cookie-storage.js";
import type { TokenPlaces } from "./kept-token.js";
import { readToken, writeToken } from "./kept-token.js";
import { wasSent } from "./session-cookie.js";

/** A storage that is not ready is mostly ready soon. */
const READ_TRIES = 3;
const READ_PAUSE_MS = 200;

/** The kept cookies of one client. */
export interface KeptCookies {
  /** The value of a `Cookie` header. Rejects where the storage cannot be read. */
  header(): Promise<string>;
  /**
   * Takes the cookies of the response to a request with these, unless it is late; tells whether the session cookie changed.
   * Rejects where the storage cannot be read: what it holds is not written over.
   */
  receive(setCookie: string, sent: string): Promise<boolean>;
  /** The JWT of the session; null where there is none that lives. Never rejects. */
  token(): Promise<string | null>;
  /** Keeps the JWT that answered a request with these cookies, or none. Never rejects. */
  keepToken(token: string | null, sent?: string): Promise<void>;
}

/** Where a jar is kept. */
export interface JarKeys {
  readonly key: string;
  /** Where version 0.1 kept the jar of whatever deployment it spoke to. */
  readonly oldKey: string;
}

/** As much as is needed of `localStorage`. */
interface SyncStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/**
 * Keeps cookies in `storage`, or in the browser's `localStorage`, or in memory where there is none; those without an end
 * in the tab's own `sessionStorage`, as a browser keeps them until it is closed. On a server nothing is kept but in a
 * storage of its own, which is asked each time: one process answers many users there.
 */
export function keepCookies({ key, oldKey }: JarKeys, storage?: CookieStorage): KeptCookies {
  const lasting = storage ?? browserStorage("localStorage");
  const ofTab = browserStorage("sessionStorage");
  const tabKey = `${key}.tab`;
  const places: TokenPlaces = { key: `${key}.token`, ofTab, lasting };
  let turn: Promise<unknown> = Promise.resolve();
  // What a storage holds that only this client writes and that is slow to ask, or that refused to be written.
  let held: CookieJar | undefined;

  async function read(): Promise<Jars> {
    return {
      tab: parseJar(ofTab.getItem(tabKey)),
      lasting: liveIn(held ?? (await readLasting()), Date.now()),
    };
  }

  /** Rejects where the storage does, as a keychain while the device is locked: that is not a jar without cookies. */
  async function readLasting(triesLeft = READ_TRIES): Promise<CookieJar> {
    try {
      const item = lasting.getItem(key);
      const jar = parseJar((await item) ?? (await adopted()));
      if (item instanceof Object && hasTab()) held = jar;
      return jar;
    } catch (error) {
      if (triesLeft <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
      return readLasting(triesLeft - 1);
    }
  }

  /** Whoever was signed in with version 0.1 still is. */
  async function adopted(): Promise<string | null | undefined> {
    const old = await lasting.getItem(oldKey);
    if (!old) return old;
    try {
      await lasting.setItem(key, old);
      await lasting.setItem(oldKey, "{}");
    } catch {
      // It is adopted again by the next page.
    }
    return old;
  }

  async function write(jars: Jars): Promise<void> {
    ofTab.setItem(tabKey, JSON.stringify(jars.tab));
    // A server has no tab.
    const jar = hasTab() ? jars.lasting : cookiesIn(jars);
    if (held) held = jar;
    try {
      await lasting.setItem(key, JSON.stringify(jar));
    } catch {
      // Full, or forbidden to this page. The session then lasts for as long as the page does.
      if (hasTab()) held = jar;
    }
  }

  async function keepToken(token: string | null, sent?: string): Promise<void> {
    // A server has the token of each request's own cookies.
    if (hasTab()) await writeToken(places, await read(), token, sent);
  }

  /** One after the other, so that neither two responses nor a slow look at the storage lose each other's cookies. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  return {
    header: () => inTurn(async () => cookieHeader(cookiesIn(await read()))),
    receive: (setCookie, sent) =>
      inTurn(async () => {
        const before = await read();
        const stored = (jars: Jars): Jars => storeCookies(jars, setCookie, Date.now());
        const after = stored(before);
        const held = sessionIn(cookiesIn(before));
        const isOther = held !== sessionIn(cookiesIn(after));
        // Where the tab's own session ends, one that lasts may come to light: this answer did not bring it.
        const begun = sessionIn(cookiesIn(stored({ tab: {}, lasting: {} })));
        // It renews a session that was left meanwhile, or ends the one that has been begun since.
        if (isOther && (begun ? wasSent(begun, sent) : held && !wasSent(held, sent))) return false;
        await write(after);
        showToScripts(setCookie);
        if (isOther) await keepToken(null).catch(() => undefined);
        return isOther;
      }),
    // What cannot be kept only saves time.
    token: () => inTurn(async () => readToken(places, await read())).catch(() => null),
    keepToken: (token, sent) => inTurn(() => keepToken(token, sent)).catch(() => undefined),
  };
}

/** Calls back when another tab changed the session cookie of one of our jars. */
export function onOtherTab(isOurs: (key: string) => boolean, listener: () => void): void {
  if (!hasTab() || typeof window.addEventListener !== "function") return;
  window.addEventListener("storage", (event) => {
    const isOther = sessionIn(parseJar(event.oldValue)) !== sessionIn(parseJar(event.newValue));
    // A storage that is cleared has no key.
    if (event.key === null || (isOurs(event.key) && isOther)) listener();
  });
}

/** Cookies that are not `HttpOnly` are for the page's scripts, as the one of the last login method is. */
function showToScripts(setCookie: string): void {
  if (typeof document === "undefined") return;
  try {
    for (const line of splitCookies(setCookie))
      if (!/;\s*httponly\s*(;|$)/i.test(line)) document.cookie = line;
  } catch {
    // A sandboxed page has none.
  }
}

/** False on a server. React Native has a `window` as well. */
function hasTab(): boolean {
  return typeof window !== "undefined";
}

/** The browser's storage; memory where there is none or the page may not use it, and nothing on a server. */
export function browserStorage(name: "localStorage" | "sessionStorage"): SyncStorage {
  if (!hasTab()) return { getItem: () => null, setItem: () => undefined };
  const memory = new Map<string, string>();
  return {
    getItem(key) {
      try {
        return memory.get(key) ?? globalThis[name].getItem(key);
      } catch {
        return null;
      }
    },
    setItem(key, value) {
      try {
        globalThis[name].setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
  };
}
