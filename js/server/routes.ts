/** Mounts Better Auth's HTTP endpoints. Nothing of Better Auth runs until a request arrives. */
import type { GenericActionCtx, GenericDataModel, HttpRouter } from "convex/server";
import { httpActionGeneric } from "convex/server";
import { GateError } from "../errors/index.js";
import { withRetryAfter } from "./busy.js";
import { withClientIp } from "./client-ip.js";
import { preflight, withCors } from "./cors.js";
import { answerOf } from "./head.js";
import type { AuthInstance, CorsOptions, LoadAuth } from "./types.js";

/** Options of `registerRoutes` and `registerRoutesLazy`. */
export interface RouteOptions {
  /** Where Better Auth is mounted; must equal the `basePath` of its options. @default "/api/auth" */
  basePath?: string;
  /** Answers preflight requests and adds CORS headers for trusted origins. @default false */
  cors?: CorsOptions;
  /** Origins trusted by the routes beside Better Auth's `trustedOrigins`. */
  trustedOrigins?: string[];
}

const DEFAULT_BASE_PATH = "/api/auth";
/** Every method of Better Auth's endpoints: SCIM and the admin endpoints of an OAuth provider use the last three. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const DISCOVERY_PATH = "/.well-known/openid-configuration";
/** Where clients look for an OAuth or MCP server outside of its base path (RFC 8414 section 3.1, RFC 9728 section 3.1). */
const METADATA_PATHS = [
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-protected-resource",
];

/**
 * Mounts every method that endpoints have (and OPTIONS with `cors`) under the base path, and what clients discover at the
 * root. `registerRoutes` of `convex-gate/http` is this: it imports nothing of Better Auth, so that with
 * `async (ctx) => (await import("./auth")).createAuth(ctx)` the app's other HTTP routes do not evaluate Better Auth.
 * Throws `INVALID_OPTION` for a `basePath` that is no path.
 */
export function mountRoutes<DataModel extends GenericDataModel>(
  http: HttpRouter,
  createAuth: LoadAuth<DataModel>,
  options: RouteOptions = {},
): void {
  const basePath = normalizeBasePath(options.basePath);
  const cors = corsOf(options);
  const authFor = async (ctx: unknown): Promise<AuthInstance> =>
    createAuth(ctx as GenericActionCtx<DataModel>);

  const handler = httpActionGeneric(async (ctx, request) => {
    const auth = await authFor(ctx);
    const misplaced = await misplacement(auth, basePath);
    if (misplaced) return misplaced;
    const response = await withRetryAfter(async () =>
      answerOf(auth, await withClientIp(auth, ctx, request)),
    );
    return cors === false ? response : withCors(auth, request, response, cors);
  });
  for (const method of METHODS) {
    http.route({ pathPrefix: `${basePath}/`, method, handler });
  }
  if (cors !== false) {
    http.route({
      pathPrefix: `${basePath}/`,
      method: "OPTIONS",
      handler: httpActionGeneric(async (ctx, request) =>
        preflight(await authFor(ctx), request, cors),
      ),
    });
  }
  // Plugins that are such a server answer there; without one Better Auth says 404, as a path without a route does.
  for (const path of METADATA_PATHS.filter((each) => isFree(http, each))) {
    http.route({ path, method: "GET", handler });
    http.route({ pathPrefix: `${path}/`, method: "GET", handler });
  }
  if (isFree(http, DISCOVERY_PATH)) {
    http.route({
      path: DISCOVERY_PATH,
      method: "GET",
      handler: httpActionGeneric(async (_ctx, request) =>
        Response.redirect(new URL(`${basePath}/convex${DISCOVERY_PATH}`, request.url)),
      ),
    });
  }
}

/** An app may own the root's discovery document, as an OAuth provider does; then it keeps it. */
function isFree(http: HttpRouter, path: string): boolean {
  return http.getRoutes().every(([routed, method]) => routed !== path || method !== "GET");
}

function normalizeBasePath(basePath = DEFAULT_BASE_PATH): string {
  const trimmed = basePath.replace(/\/+$/, "");
  if (/^\/[^\s?#]*[^\s?#/]$/.test(trimmed)) return trimmed;
  throw new GateError("INVALID_OPTION", "`basePath` must be a path such as `/api/auth`", {
    meta: { option: "basePath" },
  });
}

function corsOf({ cors = false, trustedOrigins }: RouteOptions): CorsOptions {
  if (cors === false || !trustedOrigins) return cors;
  const added = typeof cors === "object" ? cors : {};
  return { ...added, allowedOrigins: [...(added.allowedOrigins ?? []), ...trustedOrigins] };
}

/** Better Auth answers 404 to everything when it believes to live elsewhere; say so instead. */
async function misplacement(auth: AuthInstance, mounted: string): Promise<Response | null> {
  const { options } = await auth.$context;
  const expected = (options.basePath ?? DEFAULT_BASE_PATH).replace(/\/+$/, "");
  if (expected === mounted) return null;
  const message = `Better Auth's basePath is \`${expected}\` but its routes are mounted at \`${mounted}\`: pass \`{ basePath: "${expected}" }\` to registerRoutes`;
  console.error(`[convex-gate] ${message}`);
  return Response.json({ code: "INVALID_OPTION", message }, { status: 500 });
}
