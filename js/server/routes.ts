/** Mounts Better Auth's HTTP endpoints. Nothing of Better Auth runs until a request arrives. */
import type { GenericActionCtx, GenericDataModel, HttpRouter } from "convex/server";
import { httpActionGeneric } from "convex/server";
import { normalizeBasePath } from "../auth-config/base-path.js";
import { checkTrustedProxy } from "./client-ip.js";
import type { TrustedProxy } from "./client-ip.js";
import { corsOf } from "./cors.js";
import type { Lane, LaneSetUp } from "./fast-lane/gate.js";
import type { CorsOptions, LoadAuth, Origins } from "./types.js";
import { routeWellKnown } from "./well-known.js";

/** Options of `registerRoutes` and `registerRoutesLazy`. */
export interface RouteOptions {
  /**
   * Where Better Auth is mounted; must equal the path of its base URL, or the `basePath` of its options.
   * @default "/api/auth"
   */
  basePath?: string;
  /** Answers preflight requests and adds CORS headers for trusted origins. @default false */
  cors?: CorsOptions;
  /** Origins trusted by the routes beside Better Auth's `trustedOrigins`: a list, or a function of the request. */
  trustedOrigins?: Origins;
  /**
   * Whether the documents by which OAuth, OpenID and MCP clients find a server are also served at the root, under
   * `/.well-known/`. Those that the app serves itself are its own in any case.
   * @default true
   */
  wellKnown?: boolean;
  /**
   * A server of the app's own that passes requests on and may say whom they come from.
   * @default the one that knows the deployment's `PROXY_SECRET`, if that is set
   */
  trustedProxy?: TrustedProxy;
  /**
   * Whether questions about one's own session, key sets and preflights are answered without evaluating Better Auth where its
   * answer is known. By `registerRoutes` of `convex-gate/http` only: elsewhere Better Auth has been evaluated by then.
   * @default true
   */
  fastLane?: boolean;
}

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
 *
 * Throws `INVALID_OPTION` for a `basePath` that is no path, for origins that anybody has, and for a proxy without a proper
 * secret. A mistake that shows only when Better Auth is made is answered with status 500, a stable code and the remedy.
 *
 * With `laneOf` what it answers is not asked of Better Auth.
 *
 * `DataModel` is the app's: where nothing names it, as in the call above, the ctx suits any `createAuth`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what no call names must suit every data model
export function mountRoutes<DataModel extends GenericDataModel = any>(
  http: HttpRouter,
  createAuth: LoadAuth<DataModel>,
  options: RouteOptions = {},
  laneOf?: (mounted: Omit<LaneSetUp, "component">) => Lane,
): void {
  const { trustedProxy } = options;
  const basePath = normalizeBasePath(options.basePath);
  const cors = corsOf(options.cors ?? false, options.trustedOrigins);
  checkTrustedProxy(trustedProxy);
  const lane = laneOf?.({ basePath, cors, trustedProxy });

  /** What the lane does not answer is answered by a module of its own, which functions and other routes do not evaluate. */
  async function answered(ctx: unknown, request: Request): Promise<Response> {
    const passed = (await lane?.(ctx, request)) ?? {};
    if ("answer" in passed) return passed.answer;
    const { answerInFull, preflightInFull } = await import("./full-answers.js");
    const routes = { basePath, cors, trustedProxy, notes: passed.notes };
    const own = ctx as GenericActionCtx<DataModel>;
    return request.method === "OPTIONS"
      ? preflightInFull(routes, createAuth, own, request)
      : answerInFull(routes, createAuth, own, request);
  }

  const handler = httpActionGeneric(answered);
  for (const method of METHODS) http.route({ pathPrefix: `${basePath}/`, method, handler });
  if (cors)
    http.route({
      pathPrefix: `${basePath}/`,
      method: "OPTIONS",
      handler,
    });
  if (options.wellKnown === false) return;
  const discovery = httpActionGeneric(() =>
    // Relative, because the host of `request.url` is what the request says it is.
    Promise.resolve(
      new Response(null, {
        status: 302,
        headers: { Location: `${basePath}/convex${DISCOVERY_PATH}` },
      }),
    ),
  );
  routeWellKnown(http, [
    // Plugins that are such a server answer there; without one Better Auth says 404, as a path without a route does.
    ...METADATA_PATHS.flatMap((path) => [
      { path, handler },
      { path: `${path}/`, handler },
    ]),
    { path: DISCOVERY_PATH, handler: discovery },
  ]);
}
