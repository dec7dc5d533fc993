/** Waits where a deployment has written as much as it may: Convex (1.48) writes 4 MiB a second for all requests together. */

/** Convex's words for it. The error has no code, and "Too many writes in a single function execution" is another one. */
const tooFast = /Too many writes per second|TooManyWritesInTimePeriod/;

/** How often a call is made in all. The waits between are 1 s, then 2 s and so on, a little longer at random. */
const MAX_ATTEMPTS = 6;

/** Makes a call of a component mutation, again when it was refused for what others had just written: then it wrote nothing. */
export async function paced<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isTooFast(error) || attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * (attempt + Math.random() / 2)));
    }
  }
}

/** Tells whether a call was refused for it: by Convex's own error, or by `TOO_BUSY` after a few calls in a row. */
function isTooFast(error: unknown): boolean {
  return error instanceof Error && (tooFast.test(error.message) || isTooFast(error.cause));
}
