declare const process: { readonly env: Readonly<Record<string, string | undefined>> } | undefined;

/**
 * Reads an environment variable, or undefined when there is none. While Convex evaluates
 * `auth.config.ts`, reading a variable that is not set throws instead of giving undefined, so every
 * read is guarded. The empty string counts as unset.
 */
export function readEnv(name: string): string | undefined {
  try {
    if (typeof process === "undefined") return undefined;
    const value = process.env[name];
    return value === "" ? undefined : value;
  } catch {
    return undefined;
  }
}

/**
 * The origin of `CONVEX_SITE_URL`, or its text where that is no URL; undefined when it is not set. The
 * variable has a path where a self-hosted backend serves HTTP actions on the port for clients, as Convex's guide for Fly.io
 * sets it up (`https://app.fly.dev/http`); the backend takes that path off before an action sees the request, so Better
 * Auth must not look for it.
 */
export function siteOrigin(): string | undefined {
  const site = readEnv("CONVEX_SITE_URL");
  if (site === undefined || !URL.canParse(site)) return site;
  const { origin } = new URL(site);
  return origin === "null" ? site : origin;
}
