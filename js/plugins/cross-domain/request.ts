/**
 * Requests of a cross-domain client, made to look like a browser's before any endpoint sees them.
 */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { parseCookies } from "better-auth/cookies";
import {
  COOKIE_HEADER,
  isCrossDomainRequest,
  VERIFIER_HEADER,
} from "../shared/cross-domain-headers.js";
import { CHALLENGE_PARAMETER, challengeOf } from "./flow.js";

type BeforeHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["before"]>[number];

/** Fields of a body or query that say where to go in the end. */
const callbackFields = [
  "callbackURL",
  "newUserCallbackURL",
  "errorCallbackURL",
  "redirectTo",
] as const;
/** Those among them at which a session may arrive. */
const sessionFields: ReadonlySet<string> = new Set(["callbackURL", "newUserCallbackURL"]);
/**
 * Endpoints that send the browser to a provider. Without a callback URL Better Auth would bring it
 * back to the API.
 */
const providerPaths: ReadonlySet<string> = new Set(["/sign-in/social", "/link-social"]);

/**
 * Takes the client's cookies from its header and resolves relative callback URLs against the
 * frontend.
 */
export function readClientRequest(siteUrl: string): BeforeHook {
  return {
    matcher: ({ headers }) => isCrossDomainRequest(headers),
    handler: createAuthMiddleware(async (ctx) => {
      const headers = new Headers(ctx.headers);
      const sent = headers.get(COOKIE_HEADER);
      if (sent) headers.set("cookie", mergedCookies(headers.get("cookie"), sent));
      const challenge = challengeOf(headers.get(VERIFIER_HEADER));
      const body: unknown = ctx.body;
      if (!isRecord(body)) return { context: { headers } };
      const withDefault = { ...(providerPaths.has(ctx.path) ? { callbackURL: "/" } : {}), ...body };
      return { context: { headers, body: resolveCallbacks(withDefault, siteUrl, challenge) } };
    }),
  };
}

/**
 * Links in e-mails are opened by the browser itself, without our headers. A relative callback in
 * them means a page of the frontend: this host serves only the API. Where both are one origin
 * nothing needs doing.
 */
export function readOpenedLink(siteUrl: string): BeforeHook {
  return {
    matcher: ({ headers, request, query }) =>
      request?.method === "GET" &&
      isRecord(query) &&
      callbackFields.some((field) => isRelative(query[field])) &&
      !isCrossDomainRequest(headers),
    handler: createAuthMiddleware(async (ctx) => {
      if (new URL(ctx.context.baseURL).origin === new URL(siteUrl).origin) return;
      return { context: { query: resolveCallbacks({ ...ctx.query }, siteUrl, undefined) } };
    }),
  };
}

function resolveCallbacks(
  fields: Record<string, unknown>,
  siteUrl: string,
  challenge: string | undefined,
): Record<string, unknown> {
  const resolved = { ...fields };
  for (const field of callbackFields) {
    const value = resolved[field];
    if (typeof value !== "string") continue;
    const url = isRelative(value) ? new URL(value, siteUrl).toString() : value;
    resolved[field] = challenge && sessionFields.has(field) ? withChallenge(url, challenge) : url;
  }
  return resolved;
}

function withChallenge(url: string, challenge: string): string {
  // What is no URL is left for Better Auth to refuse.
  if (!URL.canParse(url)) return url;
  const marked = new URL(url);
  marked.searchParams.set(CHALLENGE_PARAMETER, challenge);
  return marked.toString();
}

/**
 * A path on the frontend. `//host` and `/\host` are other hosts to a browser, so they are left to
 * Better Auth's check.
 */
function isRelative(value: unknown): value is string {
  return typeof value === "string" && /^\/(?![/\\])/.test(value);
}

/** Both cookie headers as one; the client's own cookies win. */
function mergedCookies(ambient: string | null, sent: string): string {
  const cookies = new Map([...parseCookies(ambient ?? ""), ...parseCookies(sent)]);
  return [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
