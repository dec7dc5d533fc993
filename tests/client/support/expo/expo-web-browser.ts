/** A fake of `expo-web-browser`: the system's browser, as the test lets it answer. */
type Open = (url: string, returnTo: string) => Promise<{ type: string; url: string }>;

let open: Open = () => Promise.reject(new Error("no browser"));

/** What opens an address and gives the deep link at its end. */
export function setBrowser(browser: Open): void {
  open = browser;
}

export function openAuthSessionAsync(url: string, returnTo: string): ReturnType<Open> {
  return open(url, returnTo);
}

export function dismissAuthSession(): void {
  // Nothing is open.
}
