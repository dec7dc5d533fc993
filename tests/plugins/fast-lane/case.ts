/** A row of the differential table: an app, what happened to it, and who asks. */
import type { Browser } from "../support/app.js";
import { PASSWORD, SITE } from "../support/app.js";
import { get, ORIGIN } from "./support.js";
import type { Code } from "./support.js";
import type { Pair } from "./pair.js";
import type { Kind } from "../../support/two-ways/tally.js";

/** What a case works with. */
export interface World extends Pair {
  /** Signed in as Ada. */
  readonly ada: Browser;
  /** A POST of a page of the app's, which must succeed. */
  post(browser: Browser, path: string, body?: Record<string, unknown>): Promise<unknown>;
  /** Another browser of Ada's. */
  signIn(more?: Record<string, unknown>): Promise<Browser>;
}

/** One case. */
export interface LaneCase {
  readonly name: string;
  /** The app. @default as README.md sets it up */
  readonly code?: () => Code;
  /** What happens once Ada is signed in and facts are left. */
  readonly then?: (world: World) => Promise<void> | void;
  /** The requests, after that. @default those of {@link everything} with Ada's cookies */
  readonly requests?: (world: World) => Request[] | Promise<Request[]>;
  /** Whether each request finds what the one before has left behind. Otherwise all find the same. */
  readonly inOrder?: true;
  /** A status that must be seen, for cases that would prove nothing without it. */
  readonly status?: number;
  /** Kinds of which the lane must answer at least one request; of the others it must answer none. */
  readonly lane: readonly Kind[];
}

export const SESSION: readonly Kind[] = ["session", "session with token", "token"];
export const PUBLIC: readonly Kind[] = ["key set", "discovery"];
export const ALL: readonly Kind[] = [...SESSION, ...PUBLIC];

/** The requests whose answers go by the session, with these headers. */
export function ofSession(headers: HeadersInit = {}): Request[] {
  return ["/get-session", "/get-session?convexToken=true", "/convex/token"].map((path) =>
    get(path, headers),
  );
}

/** One request of each of these kinds, for cases that ask often. */
export const FEW: readonly Kind[] = ["session with token", "token", "key set"];

/** Those requests, with these headers. */
export function few(headers: HeadersInit = {}): Request[] {
  return ["/get-session?convexToken=true", "/convex/token", "/convex/jwks"].map((path) =>
    get(path, headers),
  );
}

/** Every request that the lane knows, with these headers. */
export function everything(headers: HeadersInit = {}): Request[] {
  return [
    "/get-session",
    "/get-session?convexToken=true",
    "/get-session?disableRefresh=true",
    "/convex/token",
    "/convex/token?fresh=1",
    "/convex/get-token?disableRefresh=1",
    "/convex/jwks",
    "/convex/.well-known/openid-configuration",
  ].map((path) => get(path, headers));
}

/** The same, or `requests`, as a tab of pages on another origin sends it, with its preflights. */
export function fromTab(jar: string, origin = ORIGIN, requests = everything): Request[] {
  const asked = {
    "access-control-request-method": "GET",
    "access-control-request-headers": "better-auth-cookie",
  };
  const preflight = (from: string): Request =>
    new Request(`${SITE}/api/auth/get-session`, {
      method: "OPTIONS",
      headers: { origin: from, ...asked },
    });
  return [
    ...requests({ "better-auth-cookie": jar, origin }),
    preflight(origin),
    preflight("https://stranger.example"),
  ];
}

/** Signs Ada up or in. */
export function account(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { email: "ada@example.com", password: PASSWORD, name: "Ada", ...more };
}
