/** Which new rows sweep expired ones away, and how many of them. */

/**
 * One new row in so many sweeps: were it every one, the writes of a burst would all delete the same rows and keep each
 * other from committing.
 */
const ONE_IN = 8;

/** Rows that a sweep deletes at most: well more than come between two sweeps. */
export const MOST = 32;

/** Ids are random, so their last letters are a draw, and where the caller gives the id one that can be repeated. */
export function isDrawn(id: unknown): boolean {
  return typeof id === "string" && id.charCodeAt(id.length - 1) % ONE_IN === 0;
}
