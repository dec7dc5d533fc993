/** Routes that load the app's auth when they have to. */
import type { GenericDataModel, HttpRouter } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createLane } from "./fast-lane/gate.js";
import { mountRoutes } from "./routes.js";
import type { RouteOptions } from "./routes.js";
import type { LoadAuth } from "./types.js";

/** Options of `registerRoutes` of `convex-gate/http`. */
export interface LazyRouteOptions extends RouteOptions {
  /**
   * The installed auth component, where its name is not `betterAuth`: the fast lane asks it.
   * @default components.betterAuth
   */
  component?: ComponentApi;
}

/**
 * As {@link mountRoutes}, with a fast lane: `get-session`, the token endpoint, the key set, the discovery document and
 * preflights are answered without the app's auth where `docs/set-up.md` says so. For that its module must not be
 * evaluated before a request asks for it, and this is to be called at the top of `http.ts`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what no call names must suit every data model
export function mountLazyRoutes<DataModel extends GenericDataModel = any>(
  http: HttpRouter,
  createAuth: LoadAuth<DataModel>,
  options: LazyRouteOptions = {},
): void {
  const { component, fastLane = true } = options;
  mountRoutes(
    http,
    createAuth,
    options,
    fastLane ? (mounted) => createLane({ ...mounted, component }) : undefined,
  );
}
