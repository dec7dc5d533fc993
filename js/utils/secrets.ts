/** The command that gives a deployment a secret of its own. */
export const SET_SECRET = 'npx convex env set BETTER_AUTH_SECRET "$(openssl rand -base64 32)"';

/**
 * True for a secret that anybody can look up: the one that Better Auth falls back to without one (1.7, `DEFAULT_SECRET`;
 * earlier versions had shorter ones with the same beginning), the placeholder of its documentation, and the text of the
 * command that makes one, which `cmd.exe` on Windows passes on as it is. Blanks count as one.
 */
export function isPublicSecret(secret: string): boolean {
  return (
    secret.trim() === "" ||
    secret === "your-secret" ||
    secret.startsWith("better-auth-secret-") ||
    secret.includes("$(openssl ")
  );
}

/** One of the secrets that `BETTER_AUTH_SECRETS` lists. */
export interface SecretVersion {
  readonly version: number;
  readonly value: string;
}

/**
 * The secrets of `BETTER_AUTH_SECRETS` ("version:secret,…"). Better Auth (1.7, `parseSecretsEnv`) signs and encrypts with the
 * first one, before what `BETTER_AUTH_SECRET` holds. Undefined for a text that it refuses, with all that the app has of it.
 */
export function secretVersions(
  list: string,
): readonly [SecretVersion, ...SecretVersion[]] | undefined {
  const all = list.split(",").flatMap((entry) => secretVersion(entry) ?? []);
  const [current, ...former] = all;
  const isRefused =
    all.length < list.split(",").length ||
    new Set(all.map(({ version }) => version)).size < all.length;
  return current === undefined || isRefused ? undefined : [current, ...former];
}

function secretVersion(entry: string): SecretVersion | undefined {
  const [, number = "", rest = ""] = /^([^:]*):(.*)$/s.exec(entry.trim()) ?? [];
  // As Better Auth reads it: what follows the digits means nothing.
  const version = Number.parseInt(number, 10);
  const value = rest.trim();
  return version >= 0 && value !== "" ? { version, value } : undefined;
}
