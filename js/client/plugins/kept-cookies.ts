/** The cookie jar in a storage that may be synchronous, asynchronous or not there at all. */
import type { CookieJar } from "./cookie-jar.js";
import { cookieHeader, storeCookies } from "./cookie-jar.js";

/** Where cookies are kept, `localStorage` or something like it. */
export interface CookieStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
}

/** The kept cookies of one client. */
export interface KeptCookies {
  header(): Promise<string>;
  /** Takes the cookies of a response; tells whether the session cookie changed. */
  receive(setCookie: string): Promise<boolean>;
  /** Calls back when another tab changed the cookies. */
  onOtherTab(listener: () => void): void;
}

/** Any of Better Auth's session cookies, whatever the prefix. */
const SESSION_COOKIE = /(^|[.-])session_token$/;

/** Keeps cookies in `storage`, or in the browser's `localStorage`, or in memory where there is none. */
export function keepCookies(key: string, storage: CookieStorage = defaultStorage()): KeptCookies {
  // Changes are made one after the other, so that two responses at once do not lose each other's cookies.
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<CookieJar> {
    try {
      const parsed: unknown = JSON.parse((await storage.getItem(key)) ?? "{}");
      return typeof parsed === "object" && parsed !== null ? (parsed as CookieJar) : {};
    } catch {
      return {};
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
        await storage.setItem(key, JSON.stringify(after));
        return sessionOf(before) !== sessionOf(after);
      });
      turn = change.catch(() => undefined);
      return change;
    },
    onOtherTab(listener) {
      if (typeof window === "undefined" || typeof window.addEventListener !== "function") return;
      window.addEventListener("storage", (event) => {
        if (event.key === key) listener();
      });
    },
  };
}

function sessionOf(jar: CookieJar): string | undefined {
  const name = Object.keys(jar).find((each) => SESSION_COOKIE.test(each));
  return name === undefined ? undefined : jar[name]?.value;
}

function defaultStorage(): CookieStorage {
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
