/**
 * The address that a text is, or null. `URL.canParse` would tell, and is younger than the browsers that are supported; React
 * Native does not have it at all.
 */
export function parsedUrl(url: string | URL, base?: string | URL): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}
