/**
 * Fakes of what a backend answers that has too much to do: this host never has. The texts are the backend's, as code in an
 * action sees them (convex-backend, August 2026): an `Error` with the text and nothing else.
 */
import { Refusal } from "./refusal.js";

/** Convex's names; the time-out has none. */
export type Overload =
  "TooManyWrites" | "TooManyConcurrentRequests" | "ExpiredInQueue" | "TimedOut";

const tooMany = (count: number, kind: string): string =>
  `Too many concurrent requests. Your backend is limited to ${String(count)} concurrent ${kind}s. To get more resources, ` +
  "upgrade to Convex Pro. If you are already on Convex Pro, please contact support.";

/** What the 65th action gets that has waited for its turn. */
export const TOO_MANY_ACTIONS = tooMany(64, "action");

export const TOO_MANY_WRITES =
  "Too many writes per second. Your deployment is limited to 4 MiB bytes written per 1 second. Reduce your write rate or " +
  "upgrade to a larger deployment.";

const TEXTS: Readonly<Record<Overload, string>> = {
  TooManyWrites: TOO_MANY_WRITES,
  TooManyConcurrentRequests: tooMany(16, "mutation"),
  ExpiredInQueue:
    "Too many concurrent requests in a short period of time. Spread out your requests out over time or throttle them to " +
    "avoid errors.",
  TimedOut: "Function execution timed out (maximum duration: 1s)",
};

/** The fakes of one host. */
export interface Overloads {
  /** Fails the next `times` calls of a function, named `module:function`, without running it. */
  fail(overload: Overload, name: string, times?: number): void;
  /** Throws if the function is to fail now. */
  check(name: string): void;
}

/** No function fails yet. */
export function createOverloads(): Overloads {
  const pending = new Map<string, Overload[]>();
  return {
    fail(overload, name, times = 1) {
      const before = pending.get(name) ?? [];
      pending.set(name, [...before, ...Array.from({ length: times }, () => overload)]);
    },
    check(name) {
      const overload = pending.get(name)?.shift();
      // A time-out is an error of the function; the others are the backend's.
      if (overload === "TimedOut") throw new Error(TEXTS[overload]);
      if (overload) throw new Refusal(overload, TEXTS[overload], 429);
    },
  };
}
