/**
 * Hashing a password well takes both sides the same quarter of a second, which would hide everything else. Better Auth
 * has an option for it; both apps use this, which is for the benchmark only.
 */
export const quickPasswords = {
  hash: async (password) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(password));
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  },
  verify: async ({ hash, password }) => (await quickPasswords.hash(password)) === hash,
};
