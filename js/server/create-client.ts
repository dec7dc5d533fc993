import type { GenericDataModel, HttpRouter, RegisteredQuery } from "convex/server";
import { queryGeneric } from "convex/server";
import { v } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import type { ConvexGateAdapter, StoreCtx } from "../adapter/index.js";
import { createComponentStore, createConvexGateAdapter } from "../adapter/index.js";
import { settleOptions } from "./deployment-options.js";
import type { HouseKeeping } from "./house-keeping.js";
import { countClient } from "./fast-lane/clients.js";
import { createHouseKeeping } from "./house-keeping.js";
import type { ImportApi } from "./import/import-api.js";
import { createImportApi } from "./import/import-api.js";
import { loggedIf } from "./logged-store.js";
import { defaultSessionHeaders, sessionHeaders } from "./request-headers.js";
import type { RouteOptions } from "./routes.js";
import { mountRoutes } from "./routes.js";
import { createSessionClient } from "./session-client.js";
import type { SessionClient } from "./session-client.js";
import { liveSession, sessionState } from "./session-user.js";
import type { SessionState } from "./session-user.js";
import { settlePlugins } from "./settled-plugins.js";
import type { TriggersApi } from "./triggers/index.js";
import { createTriggers } from "./triggers/index.js";
import { revokingWithTriggers } from "./triggers/revoke.js";
import type { AuthUserOf } from "./typed-rows.js";
import type {
  AuthInstance,
  CreateAuth,
  CreateClientOptions,
  GenericCtx,
  GenericReadCtx,
} from "./types.js";

/**
 * What {@link createClient} returns: the app's one handle on its auth component. `Source` is the type of its `createAuth`,
 * which tells the fields of users and sessions.
 */
export interface AuthClient<DataModel extends GenericDataModel, Source = unknown>
  extends
    SessionClient<DataModel, Source>,
    HouseKeeping<DataModel>,
    TriggersApi,
    ImportApi<DataModel> {
  /**
   * The value of Better Auth's `database` option, for the ctx of any Convex function. Without a base URL in the options or
   * in `BETTER_AUTH_URL` the instance gets the deployment's own, `CONVEX_SITE_URL`. Makes the instance fail with
   * `INVALID_OPTION` for a base URL that is none or that contradicts `basePath`.
   */
  adapter(ctx: GenericCtx<DataModel>): ConvexGateAdapter;
  /** Mounts Better Auth's endpoints under its base path (default `/api/auth`). */
  registerRoutes(
    http: HttpRouter,
    createAuth: CreateAuth<DataModel>,
    options?: Omit<RouteOptions, "trustedOrigins">,
  ): void;
  /** The same with everything given, so that nothing is read from Better Auth's options. */
  registerRoutesLazy(
    http: HttpRouter,
    createAuth: CreateAuth<DataModel>,
    options?: RouteOptions,
  ): void;
  /**
   * Headers for calling `auth.api.*` as the current session, with the address and the browser that it was begun with; for
   * apps with default cookie names. Empty when nobody is signed in.
   */
  getHeaders(ctx: GenericReadCtx<DataModel>): Promise<Headers>;
  /** A Better Auth instance and the headers that make its `api` act as the current session. */
  getAuth<Auth extends AuthInstance>(
    createAuth: (ctx: GenericCtx<DataModel>) => Auth,
    ctx: GenericCtx<DataModel>,
  ): Promise<{ auth: Auth; headers: Headers }>;
  /**
   * Queries to re-export from the app: `export const { getAuthUser, sessionState } = authComponent.clientApi()`. The first
   * gives the signed-in user or null; the second is for the `sessionQuery` of `ConvexBetterAuthProvider`.
   */
  clientApi(): {
    getAuthUser: RegisteredQuery<"public", {}, Promise<AuthUserOf<Source> | null>>;
    sessionState: RegisteredQuery<"public", {}, Promise<SessionState>>;
  };
}

/**
 * Binds an app to its installed auth component. Imported from `convex-gate`; does no work until a method is called. With
 * the type of the app's `createAuth`, `createClient<DataModel, typeof createAuth>(…)`, users and sessions have the fields of
 * its plugins and its own.
 *
 * @param component `components.betterAuth` of the app's generated code, or whatever name it was installed under.
 * @throws GateError `INVALID_OPTION` for `triggers` without `functions`.
 */
export function createClient<DataModel extends GenericDataModel, Source = unknown>(
  component: ComponentApi,
  options: CreateClientOptions<DataModel> = {},
): AuthClient<DataModel, Source> {
  countClient();
  const triggers = createTriggers(component, options);
  const client: AuthClient<DataModel> = {
    ...createSessionClient<DataModel>(
      component,
      options,
      revokingWithTriggers(component, triggers.of),
    ),
    ...createHouseKeeping(component),
    triggersApi: triggers.triggersApi,
    ...createImportApi(component, options),

    adapter: (ctx) => {
      const store = loggedIf(
        options.verbose,
        createComponentStore(component, storeCtx(ctx), triggers.of(ctx)),
      );
      const adapter = createConvexGateAdapter({ store, search: options.search });
      return (authOptions) => {
        settleOptions(authOptions);
        settlePlugins(authOptions, {
          writes: "runMutation" in ctx,
          fetches: "runAction" in ctx,
        });
        return adapter(authOptions);
      };
    },

    registerRoutes: (http, createAuth, routeOptions) => mountRoutes(http, createAuth, routeOptions),
    registerRoutesLazy: (http, createAuth, routeOptions) =>
      mountRoutes(http, createAuth, routeOptions),

    getHeaders: async (ctx) => defaultSessionHeaders(await liveSession(component, ctx, options)),

    async getAuth(createAuth, ctx) {
      const auth = createAuth(ctx);
      const [live, context] = await Promise.all([
        liveSession(component, ctx, options),
        auth.$context,
      ]);
      return { auth, headers: await sessionHeaders(live, context) };
    },

    clientApi: () => ({
      getAuthUser: queryGeneric({
        args: {},
        returns: v.any(),
        handler: async (ctx) => (await liveSession(component, ctx, options))?.user ?? null,
      }),
      sessionState: queryGeneric({
        args: {},
        returns: v.union(v.null(), v.object({ sessionId: v.string(), live: v.boolean() })),
        handler: (ctx) => sessionState(component, ctx, options),
      }),
    }),
  };
  return client as AuthClient<DataModel, Source>;
}

/** The store calls functions by reference and leaves their types to the component's validators. */
function storeCtx<DataModel extends GenericDataModel>(ctx: GenericCtx<DataModel>): StoreCtx {
  const runQuery: StoreCtx["runQuery"] = (reference, args) => ctx.runQuery(reference, args);
  if (!("runMutation" in ctx)) return { runQuery };
  return {
    runQuery,
    runMutation: (reference, args) => ctx.runMutation(reference, args),
    ...("runAction" in ctx ? { runAction: true } : {}),
  };
}
