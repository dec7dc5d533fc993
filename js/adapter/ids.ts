/** Ids of rows. */

/**
 * Better Auth makes ids itself unless the app says `generateId: false`; then the adapter does, so that a row's id is
 * known before it is written. 32 letters and digits, as Better Auth's own.
 */
export function withId<T extends Record<string, unknown>>(data: T): T {
  // An id of another kind is the app's own doing, and the core says so.
  if (data["id"] !== undefined && data["id"] !== null) return data;
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  let id = "";
  while (id.length < 32) {
    // 248 is the largest multiple of 62 in a byte: larger bytes would favour the first letters.
    for (const byte of crypto.getRandomValues(new Uint8Array(40))) {
      if (byte < 248 && id.length < 32) id += alphabet[byte % 62];
    }
  }
  return { ...data, id };
}
