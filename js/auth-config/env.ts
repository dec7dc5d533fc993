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
