/**
 * Hashing a password well takes longer than all the rest of a sign-in, which would hide everything else. Better Auth has
 * an option for it; both apps use this, but for the rows that say otherwise. It is for the benchmark only.
 */
export const quickPasswords = {
  hash: async (password) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(password));
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  },
  verify: async ({ hash, password }) => (await quickPasswords.hash(password)) === hash,
};
