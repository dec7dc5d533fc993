/** What a client keeps its cookies and its token in. */

/** Where cookies are kept, `localStorage` or something like it. A request fails that is made while it cannot be read. */
export interface CookieStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
}
