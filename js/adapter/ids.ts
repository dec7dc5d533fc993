/** Ids of rows. */
import { randomId } from "../protocol/random-id.js";

/**
 * Better Auth makes ids itself unless the app says `generateId: false`; then the adapter does, so that a row's id is
 * known before it is written.
 */
export function withId<T extends Record<string, unknown>>(data: T): T {
  // An id of another kind is the app's own doing, and the core says so.
  if (data["id"] !== undefined && data["id"] !== null) return data;
  return { ...data, id: randomId() };
}
