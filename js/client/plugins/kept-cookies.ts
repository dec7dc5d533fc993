/** The cookie jar in a storage that may be synchronous, asynchronous or not there at all. */
import type { CookieJar } from "./cookie-jar.js";
import { cookieHeader, parseJar, sessionCookieOf, storeCookies } from "./cookie-jar.js";

/** Where cookies are kept, `localStorage` or something like it. */
export interface CookieStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
}

/** The kept cookies of one client. */
export interface KeptCookies {
  /** The value of a `Cookie` header. */
  header(): Promise<string>;
  /** Takes the cookies of a response; tells whether the session cookie changed. Never rejects. */
  receive(setCookie: string): Promise<boolean>;
  /** Calls back when another tab changed the session cookie. */
  onOtherTab(listener: () => void): void;
}

/**
 * Keeps cookies in `storage`, or in the browser's `localStorage`, or in memory where there is none. On a server nothing
 * is kept without a storage of its own: one process answers many users there.
 */
export function keepCookies(key: string, storage: CookieStorage = defaultStorage()): KeptCookies {
  // Changes are made one after the other, so that two responses at once do not lose each other's cookies.
  let turn: Promise<unknown> = Promise.resolve();
  // What a storage holds that only this client writes and that is slow to ask, or that refused to be written.
  let held: CookieJar | undefined;

  async function read(): Promise<CookieJar> {
    if (held) return held;
    try {
      const item = storage.getItem(key);
      if (!(item instanceof Object)) return parseJar(item);
      return (held = parseJar(await item));
    } catch {
      return {};
    }
  }

  async function write(jar: CookieJar): Promise<void> {
    if (held) held = jar;
    try {
      await storage.setItem(key, JSON.stringify(jar));
    } catch {
      // Full, or forbidden to this page. The session then lasts for as long as the page does.
      held = jar;
    }
  }

  return {
    header: async () => {
      await turn;
      return cookieHeader(await read(), Date.now());
    },
    receive(setCookie) {
      const change = turn.then(async () => {
        const before = await read();
        const after = storeCookies(before, setCookie, Date.now());
        await write(after);
        return sessionCookieOf(before) !== sessionCookieOf(after);
      });
      turn = change;
      return change;
    },
    onOtherTab(listener) {
      if (typeof window === "undefined" || typeof window.addEventListener !== "function") return;
      window.addEventListener("storage", (event) => {
        // A storage that is cleared has no key.
        const isCleared = event.key === null;
        const isOurs = event.key === key;
        const isOther = sessionIn(event.oldValue) !== sessionIn(event.newValue);
        if (isCleared || (isOurs && isOther)) listener();
      });
    },
  };
}

function sessionIn(text: string | null): string | undefined {
  return sessionCookieOf(parseJar(text));
}

function defaultStorage(): CookieStorage {
  if (typeof window === "undefined") return { getItem: () => null, setItem: () => undefined };
  try {
    if (typeof localStorage !== "undefined") return localStorage;
  } catch {
    // A page may be forbidden to touch it.
  }
  const memory = new Map<string, string>();
  return {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, value) => memory.set(key, value),
  };
}
