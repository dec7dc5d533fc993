/** What the log is told of a deployment that does not answer. */

/** Tells what could not be done with the deployment and why, or by null that it could. */
export type TellOutage = (what: string, reason: string | null) => void;

/**
 * Writes one line when something does not work any more, and one when the reason is another: not one for each visitor. A line
 * has the deployment's host and the reason, and nothing of a request.
 */
export function outagesOf(convexSiteUrl: string): TellOutage {
  const { origin } = new URL(convexSiteUrl);
  const told = new Map<string, string | null>();
  return (what, reason) => {
    if (reason !== null && reason !== told.get(what))
      console.error(`[convex-gate] ${what} ${origin}: ${reason}.`);
    told.set(what, reason);
  };
}

/** Why there is no answer. */
export function reasonOf(error: unknown, isLate: boolean): string {
  if (isLate) return "it took too long";
  const { cause, message = "the network failed" } = Object(error) as Partial<Error>;
  return cause instanceof Error ? cause.message : message;
}
