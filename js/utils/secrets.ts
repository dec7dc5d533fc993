/** The command that gives a deployment a secret of its own. */
export const SET_SECRET = 'npx convex env set BETTER_AUTH_SECRET "$(openssl rand -base64 32)"';

/**
 * True for a secret that anybody can look up: the one that Better Auth falls back to without one (1.7, `DEFAULT_SECRET`;
 * earlier versions had shorter ones with the same beginning) and the placeholder of its documentation. Blanks count as one.
 */
export function isPublicSecret(secret: string): boolean {
  return (
    secret.trim() === "" || secret === "your-secret" || secret.startsWith("better-auth-secret-")
  );
}
