/** Better Auth with `convex()` over the real component: a new instance for every request, as in an HTTP action. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { betterAuth } from "better-auth/minimal";
import { httpRouter } from "convex/server";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { convex } from "../../js/plugins/index.js";
import type { ConvexOptions, ConvexPlugin } from "../../js/plugins/index.js";
import { createClient } from "../../js/server/index.js";
import type { AuthInstance, RouteOptions } from "../../js/server/index.js";
import { createBrowser, SITE } from "../plugins/support/app.js";
import type { Browser } from "../plugins/support/app.js";
import { createComponentHarness } from "./component-harness.js";
import type { ComponentHarness, HarnessOptions } from "./component-harness.js";

/** An app on the component. */
export interface ComponentApp {
  readonly harness: ComponentHarness;
  browser(): Browser;
  /** A browser that comes by the mounted routes, as on Convex. */
  visitor(): Browser;
  /** A Better Auth instance of one request. */
  auth(store?: ConvexGateStore): ReturnType<typeof instance>;
  /** Every row of a table, as the component keeps it. */
  rows(table: string): Promise<Record<string, unknown>[]>;
}

export interface ComponentAppOptions extends HarnessOptions {
  readonly plugins?: BetterAuthPlugin[];
  readonly convexOptions?: Partial<ConvexOptions>;
  readonly options?: BetterAuthOptions;
  /** Options of the mounted routes. */
  readonly routes?: RouteOptions;
  /** Stands in front of the store of each request. */
  readonly store?: (store: ConvexGateStore) => ConvexGateStore;
  /** Stands in front of the adapter of each request. */
  readonly adapter?: (adapter: DBAdapter) => DBAdapter;
}

export function createComponentApp(given: ComponentAppOptions = {}): ComponentApp {
  process.env["CONVEX_SITE_URL"] = SITE;
  const harness = createComponentHarness(given);
  const auth: ComponentApp["auth"] = (store = given.store?.(harness.store()) ?? harness.store()) =>
    instance(store, given);
  const routed = mounted(() => auth() as unknown as AuthInstance, given.routes);
  return {
    harness,
    auth,
    visitor: () => createBrowser((request) => routed(request)),
    browser: () => createBrowser((request) => auth().handler(request)),
    async rows(model) {
      const found = await harness.store().run("findMany", { model });
      return found as Record<string, unknown>[];
    },
  };
}

/** The routes of an app, as an HTTP action runs them. */
function mounted(
  createAuth: () => AuthInstance,
  options?: RouteOptions,
): (request: Request) => Promise<Response> {
  const http = httpRouter();
  createClient({} as ComponentApi).registerRoutes(http, createAuth, options);
  return (request) => {
    const { pathname } = new URL(request.url);
    const [route] = http.lookup(pathname, request.method as "GET") ?? [];
    const handler = route as unknown as {
      _handler(ctx: object, request: Request): Promise<Response>;
    };
    return handler._handler({}, request);
  };
}

function instance(
  store: ConvexGateStore,
  { plugins = [], convexOptions, options, adapter = (ours) => ours }: ComponentAppOptions,
) {
  const database = createConvexGateAdapter({ store });
  // ES256 keys, because RSA keys take long to make and every test makes one.
  const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };
  return betterAuth({
    baseURL: SITE,
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => password,
        verify: async ({ hash, password }) => hash === password,
      },
    },
    logger: { disabled: true },
    ...options,
    database: (all: BetterAuthOptions) => adapter(database(all)),
    // The neighbours vary from test to test; `auth.api` is typed for the one plugin that is always there.
    plugins: [...plugins, convex({ authConfig, ...convexOptions })] as unknown as [ConvexPlugin],
  });
}
