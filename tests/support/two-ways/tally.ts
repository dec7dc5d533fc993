/** The counts of a differential proof: a proof that no longer proves anything must fail. */
import { expect } from "vitest";

/** Kinds of requests that the fast lane can answer. */
export const KINDS = [
  "session",
  "session with token",
  "token",
  "key set",
  "discovery",
  "preflight",
] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** The kind of a request, by its method and address alone; undefined for what is Better Auth's in any case. */
export function kindOf({ method, url }: Request): Kind | undefined {
  if (method === "OPTIONS") return "preflight";
  if (method !== "GET" && method !== "HEAD") return undefined;
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/\/+$/, "");
  if (path.endsWith("/get-session"))
    return searchParams.has("convexToken") ? "session with token" : "session";
  if (/\/convex\/(get-)?token$/.test(path)) return "token";
  if (/\/convex\/jwks$|\/convex\/.*jwks\.json$/.test(path)) return "key set";
  if (path.endsWith("/.well-known/openid-configuration")) return "discovery";
  return undefined;
}

/** How a request went. */
export interface Went {
  readonly kind: Kind;
  /** Whether nothing of Better Auth was evaluated. */
  readonly isTaken: boolean;
  /** Why it went the full way, as far as a test can tell. */
  readonly why?: string | undefined;
}

/** Counts requests by kind. */
export interface Tally {
  add(went: Went): void;
  /** A table of what was compared, taken and gone the full way. */
  print(title: string): void;
  /** Expects that each of these kinds was compared and taken at least so often. */
  expectProof(kinds?: readonly Kind[], least?: number): void;
}

/** A tally that starts empty. */
export function createTally(): Tally {
  const taken = new Map<Kind, number>();
  const full = new Map<Kind, Map<string, number>>();
  return {
    add({ kind, isTaken, why = "" }) {
      if (isTaken) return void taken.set(kind, (taken.get(kind) ?? 0) + 1);
      const reasons = full.get(kind) ?? new Map<string, number>();
      full.set(kind, reasons.set(why, (reasons.get(why) ?? 0) + 1));
    },
    print(title) {
      const lines = KINDS.flatMap((kind) => {
        const reasons = [...(full.get(kind) ?? [])].sort(([, a], [, b]) => b - a);
        const gone = reasons.reduce((sum, [, count]) => sum + count, 0);
        const lane = taken.get(kind) ?? 0;
        if (lane + gone === 0) return [];
        const why = reasons.map(([reason, count]) => `${String(count)} ${reason}`).join(", ");
        const head = `  ${kind}: ${String(lane + gone)} compared, ${String(lane)} taken, ${String(gone)} the full way`;
        return [gone === 0 ? head : `${head} (${why})`];
      });
      console.log([`both ways: ${title}`, ...lines].join("\n"));
    },
    expectProof(kinds = KINDS, least = 1) {
      const few = kinds.filter((kind) => (taken.get(kind) ?? 0) < least);
      expect(few, `kinds of which the fast lane took fewer than ${String(least)}`).toEqual([]);
    },
  };
}
