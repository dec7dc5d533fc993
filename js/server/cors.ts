/**
 * CORS for the mounted routes: exact origins, as Better Auth itself judges them. Middleware for it knows lists that stand when the
 * routes are made, and answers preflights without asking the app.
 */
import { readEnv } from "../auth-config/env.js";
import { GateError, isGateError } from "../errors/index.js";
import type { AuthInstance, CorsOptions, Origins, ReadOptions } from "./types.js";

const ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const ALLOWED_HEADERS = [
  "Authorization",
  "Better-Auth-Cookie",
  // Pages that were opened with version 0.1 still send it.
  "Better-Auth-Cross-Domain-Verifier",
  "Content-Type",
  "DPoP",
  "Expo-Origin",
  "Traceparent",
  "X-API-Key",
  "X-Captcha-Response",
  // Better Auth's `sentinelClient()` (0.4).
  "X-PoW-Solution",
  "X-Request-Id",
  "X-Visitor-Id",
];
const EXPOSED_HEADERS = [
  "Set-Better-Auth-Cookie",
  "Set-Auth-Token",
  "Retry-After",
  "X-Retry-After",
  "X-PoW-Challenge",
  "X-PoW-Reason",
];
const PREFLIGHT_MAX_AGE_S = 86_400;

/** The CORS of mounted routes: additions to the defaults. */
export interface Cors {
  readonly allowedOrigins: readonly Origins[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
}

/**
 * The options of the routes in one form; undefined without CORS. Throws `INVALID_OPTION` for origins that are no list, and
 * for a pattern that every origin matches: answers are given with credentials.
 */
export function corsOf(cors: CorsOptions, trustedOrigins: Origins | undefined): Cors | undefined {
  if (cors === false) return undefined;
  const added = typeof cors === "object" ? cors : {};
  const allowedOrigins = [added.allowedOrigins ?? [], trustedOrigins ?? []];
  for (const origins of allowedOrigins) if (typeof origins !== "function") checkOrigins(origins);
  return {
    allowedOrigins,
    allowedHeaders: [...ALLOWED_HEADERS, ...(added.allowedHeaders ?? [])],
    exposedHeaders: [...EXPOSED_HEADERS, ...(added.exposedHeaders ?? [])],
  };
}

/**
 * The request's origin when it is trusted, else null. Throws `INVALID_OPTION` when the app trusts every origin, or means
 * this one and writes it so that no browser sends it; Better Auth's `trustedOrigins` included.
 */
export async function trustedOrigin(
  auth: AuthInstance,
  request: Request,
  cors: Cors,
): Promise<string | null> {
  const origin = request.headers.get("Origin");
  if (origin === null) return null;
  const context = await auth.$context;
  const { trustedOrigins }: ReadOptions = context.options;
  const lists = [
    context.trustedOrigins,
    typeof trustedOrigins === "function" ? await trustedOrigins(request) : [],
    ...(await Promise.all(cors.allowedOrigins.map((origins) => listed(origins, request)))),
  ];
  const origins = lists.flat().filter((item) => typeof item === "string");
  checkOrigins(origins);
  // Better Auth's own comparison over the longer list, so that wildcards mean the same everywhere.
  const trusted = context.isTrustedOrigin.call({ ...context, trustedOrigins: origins }, origin);
  if (trusted) return origin;
  checkForms(origins, origin);
  return null;
}

/**
 * The request's origin for an answer that says what is wrong with the set-up, and nothing else. Where Better Auth cannot be
 * asked any more, it is a frontend that the variables, the routes' options or the app's own options name, whatever its
 * protocol, or one on the developer's machine: a browser would hide the answer from any other.
 */
export async function knownOrigin(
  auth: AuthInstance | undefined,
  request: Request,
  cors: Cors,
): Promise<string | null> {
  const origin = request.headers.get("Origin");
  if (origin === null || !URL.canParse(origin)) return null;
  const meant = auth && (await trustedOrigin(auth, request, cors).catch(meantOrigin));
  if (meant === origin) return origin;
  const { host, hostname } = new URL(origin);
  if (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]") return origin;
  const { trustedOrigins: own }: ReadOptions = auth?.options ?? {};
  const lists = await Promise.all(
    cors.allowedOrigins.map((origins) => listed(origins, request).catch(() => [])),
  );
  const named = [
    // Several are a mistake, of which each of them is told.
    ...(readEnv("SITE_URL") ?? "").split(/[\s,]+/),
    readEnv("BETTER_AUTH_URL"),
    ...(readEnv("BETTER_AUTH_TRUSTED_ORIGINS") ?? "").split(","),
    ...(Array.isArray(own) ? own : []),
    ...lists.flat(),
  ];
  return named.some((name) => typeof name === "string" && hostMatches(name, host)) ? origin : null;
}

/** Headers of the answer to a preflight request of `origin`. */
export function preflightHeaders(cors: Cors, origin: string | null): Headers {
  const headers = originHeaders(new Headers(), origin);
  if (origin === null) return headers;
  headers.set("Access-Control-Allow-Methods", ALLOWED_METHODS);
  headers.set("Access-Control-Allow-Headers", cors.allowedHeaders.join(", "));
  headers.set("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_S));
  return headers;
}

/** The same response with CORS headers for `origin`. Several `Set-Cookie` headers stay separate. */
export function withCors(response: Response, cors: Cors, origin: string | null): Response {
  const headers = originHeaders(new Headers(response.headers), origin);
  if (origin !== null) {
    const already = headers.get("Access-Control-Expose-Headers");
    const exposed = cors.exposedHeaders.join(", ");
    headers.set("Access-Control-Expose-Headers", already ? `${already}, ${exposed}` : exposed);
  }
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

function originHeaders(headers: Headers, origin: string | null): Headers {
  headers.append("Vary", "Origin");
  if (origin === null) return headers;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  return headers;
}

async function listed(origins: Origins, request: Request): Promise<readonly unknown[]> {
  return typeof origins === "function" ? ((await origins(request)) ?? []) : origins;
}

function checkOrigins(origins: readonly unknown[]): void {
  if (!Array.isArray(origins))
    throw new GateError("INVALID_OPTION", "Origins must be a list, or a function that gives one.", {
      meta: { option: "trustedOrigins" },
    });
  const pattern = origins.find((item) => typeof item === "string" && matchesEverything(item));
  if (pattern === undefined) return;
  throw new GateError(
    "INVALID_OPTION",
    `The origin "${String(pattern)}" is every site, and any of them could act as its visitors. Name origins, such as ` +
      '"https://app.example.com" or "https://*.example.com".',
    { meta: { option: "trustedOrigins" } },
  );
}

/** Browsers send origins without a path, so "https://app.example.com/" is none, nor is a name without a protocol. */
function checkForms(origins: readonly string[], origin: string): void {
  // "null" is what sandboxed pages send, and what the address of an app such as "myapp://" has.
  if (origin === "null") return;
  const meant = origins.find((item) =>
    item.includes("://")
      ? URL.canParse(item) && new URL(item).origin === origin
      : item.replace(/\/.*$/, "") === hostOf(origin),
  );
  if (meant === undefined) return;
  const remedy =
    meant === readEnv("SITE_URL")
      ? `Run \`npx convex env set SITE_URL ${origin}\`.`
      : `Write "${origin}".`;
  throw new GateError(
    "INVALID_OPTION",
    `The trusted origin "${meant}" is none, so no browser is let in by it. ${remedy}`,
    { meta: { option: "trustedOrigins", origin } },
  );
}

/** The origin that an error of {@link checkForms} is about. */
function meantOrigin(error: unknown): unknown {
  return isGateError(error) ? error.meta?.["origin"] : undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/**
 * Nothing but wildcards where the host stands, with any protocol of the web, port and path. With the scheme of an app, as in
 * Expo's "exp://**", that is the app and no site; extensions of a browser are anybody's, as sites are.
 */
function matchesEverything(pattern: string): boolean {
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(pattern)?.[1];
  if (scheme !== undefined && !/^https?$|-extension$/i.test(scheme)) return false;
  const host = pattern
    .replace(/^[^/]*:\/\//, "")
    .replace(/\/.*$/, "")
    .replace(/:[\d*?]*$/, "");
  return host.includes("*") && /^[*?.]+$/.test(host);
}

function hostMatches(name: string, host: string): boolean {
  const named = name
    .trim()
    .replace(/^[^/]*:\/\//, "")
    .replace(/\/.*$/, "")
    .toLowerCase();
  if (named === "" || matchesEverything(named)) return false;
  if (!named.includes("*")) return named === host;
  const [first = "", ...rest] = named.split("*");
  const last = rest.at(-1) ?? "";
  return host.length > named.length - 1 && host.startsWith(first) && host.endsWith(last);
}
