/**
 * Tests that are written for the local host, on a real backend: what they leave out there, and why. This is the one place
 * that says so.
 */
import type { Host } from "./host.js";
import type { Backend } from "./backend.js";

/** What a backend does not let a test do. */
export const REASONS = {
  counts:
    "calls and documents are counted by the host alone; on a backend its query cache answers repeated reads, and calls within a query or mutation are not in its log",
  clock: "the test moves the clock of the host's process, and a backend has its own",
  overload: "overload is a fake of the host",
  bytes: "how much source a call evaluates is told by the host alone",
  party: "a party of the Internet is stood in for by the host's `fetch`",
  fetches: "the test sees the requests of the host's process, and a backend is another",
  edge: "the backend believes the first address of `X-Forwarded-For`; the proxy of Convex's cloud is imitated by the host",
  cli: "the test has the Convex CLI push to the host's own admin API",
} as const;

/** Why a test is left out. */
export type Reason = keyof typeof REASONS;

/**
 * Tests by their file or folder, below `tests/`, and a part of their name after those of their groups; an empty one is every
 * test there.
 */
export const LEFT_OUT: readonly (readonly [file: string, name: string, reason: Reason])[] = [
  ["e2e/contention.test.ts", "a backend that answers", "overload"],
  ["e2e/contention.test.ts", "a backend without room", "overload"],
  ["e2e/example.test.ts", "component calls and documents read", "counts"],
  ["e2e/http-edges.test.ts", "follow a rotation by command", "clock"],
  ["e2e/import.test.ts", "stops after a page", "counts"],
  ["e2e/import.test.ts", "brings many users in one run", "counts"],
  ["e2e/init.test.ts", "", "cli"],
  ["e2e/key-change.test.ts", "", "clock"],
  ["e2e/lazy-routes.test.ts", "", "bytes"],
  ["e2e/rate-limits.test.ts", "another address is not affected", "edge"],
  ["e2e/rate-limits.test.ts", "counting costs one call", "counts"],
  ["e2e/rate-limits.test.ts", "where limits are off", "counts"],
  ["e2e/rate-limits.test.ts", "asking for one's session and token costs nothing", "counts"],
  ["e2e/revocation.test.ts", "renewal (updateAge)", "counts"],
  ["e2e/revocation.test.ts", "asking who is signed in", "counts"],
  ["e2e/self-hosted.test.ts", "", "fetches"],
  ["e2e/static-keys.test.ts", "tokens of several keys verify", "counts"],
  ["e2e/warm-contexts.test.ts", "", "bytes"],
  ["matrix/core-accounts.test.ts", "captcha >", "party"],
  ["matrix/core-accounts.test.ts", "haveibeenpwned >", "party"],
  ["matrix/core-accounts.test.ts", "one-tap >", "party"],
  ["matrix/everything.test.ts", "is far from Convex's limits", "bytes"],
  ["matrix/new-tables.test.ts", "", "counts"],
  ["matrix/", "its section of docs/plugins.md", "counts"],
];

/** Why a test is left out on a backend; undefined for those that run there. `name` begins with its groups, each with ` > `. */
export function reasonFor(file: string, name: string): string | undefined {
  const found = LEFT_OUT.find(
    ([path, part]) => file.includes(`/tests/${path}`) && name.includes(part),
  );
  return found && REASONS[found[2]];
}

/** A backend with the host's interface, for code that sets variables and sends requests. What it cannot do it refuses. */
export function asHost(backend: Backend): Host {
  const refused = (reason: Reason) => (): never => {
    throw new Error(REASONS[reason]);
  };
  return {
    ...backend,
    banner: "",
    // Nothing is counted; the recorder of the matrix writes down zeros, which nobody compares there.
    metrics: { reset: () => undefined, snapshot: () => ({ calls: [], componentCalls: [] }) },
    overloads: { fail: refused("overload"), check: refused("overload") },
    runCron: refused("cli"),
    dropConnections: refused("overload"),
  };
}
