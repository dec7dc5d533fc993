/** CORS for the mounted routes: exact origins, as Better Auth itself judges them. */
import type { AuthInstance, CorsOptions } from "./types.js";

const ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const ALLOWED_HEADERS = [
  "Authorization",
  "Better-Auth-Cookie",
  "Better-Auth-Cross-Domain-Verifier",
  "Content-Type",
  "X-Captcha-Response",
];
const EXPOSED_HEADERS = [
  "Set-Better-Auth-Cookie",
  "Set-Auth-Token",
  "Retry-After",
  "X-Retry-After",
];
const PREFLIGHT_MAX_AGE_S = 86_400;

/** The answer to a preflight request; without CORS headers when the origin is not trusted. */
export async function preflight(
  auth: AuthInstance,
  request: Request,
  options: CorsOptions,
): Promise<Response> {
  const headers = new Headers();
  if (await allowOrigin(auth, request, options, headers)) {
    headers.set("Access-Control-Allow-Methods", ALLOWED_METHODS);
    headers.set("Access-Control-Allow-Headers", listed(ALLOWED_HEADERS, options, "allowedHeaders"));
    headers.set("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_S));
  }
  return new Response(null, { status: 204, headers });
}

/** The same response with CORS headers for a trusted origin. Several `Set-Cookie` headers stay separate. */
export async function withCors(
  auth: AuthInstance,
  request: Request,
  response: Response,
  options: CorsOptions,
): Promise<Response> {
  const headers = new Headers(response.headers);
  if (await allowOrigin(auth, request, options, headers)) {
    const already = headers.get("Access-Control-Expose-Headers");
    const exposed = listed(EXPOSED_HEADERS, options, "exposedHeaders");
    headers.set("Access-Control-Expose-Headers", already ? `${already}, ${exposed}` : exposed);
  }
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}

async function allowOrigin(
  auth: AuthInstance,
  request: Request,
  options: CorsOptions,
  headers: Headers,
): Promise<boolean> {
  const origin = request.headers.get("Origin");
  headers.append("Vary", "Origin");
  if (origin === null || !(await isTrusted(auth, request, origin, options))) return false;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  return true;
}

async function isTrusted(
  auth: AuthInstance,
  request: Request,
  origin: string,
  options: CorsOptions,
): Promise<boolean> {
  const context = await auth.$context;
  const { trustedOrigins } = context.options;
  const perRequest: unknown =
    typeof trustedOrigins === "function" ? await trustedOrigins(request) : [];
  const origins = [
    ...context.trustedOrigins,
    ...(Array.isArray(perRequest) ? perRequest.filter((item) => typeof item === "string") : []),
    ...(typeof options === "object" ? (options.allowedOrigins ?? []) : []),
  ];
  // Better Auth's own comparison over the longer list, so that wildcards mean the same everywhere.
  return context.isTrustedOrigin.call({ ...context, trustedOrigins: origins }, origin);
}

function listed(
  defaults: readonly string[],
  options: CorsOptions,
  key: "allowedHeaders" | "exposedHeaders",
): string {
  const added = typeof options === "object" ? (options[key] ?? []) : [];
  return [...defaults, ...added].join(", ");
}
