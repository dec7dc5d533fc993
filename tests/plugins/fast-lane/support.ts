/** An app behind lazy routes over the real component: each request can be sent by the fast lane and by the full way. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { betterAuth } from "better-auth/minimal";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { getFunctionAddress, httpRouter } from "convex/server";
import { vi } from "vitest";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { registerRoutes } from "../../../js/http/index.js";
import { convex } from "../../../js/plugins/index.js";
import type { ConvexOptions } from "../../../js/plugins/index.js";
import { createClient } from "../../../js/server/index.js";
import type { AuthInstance, RouteOptions } from "../../../js/server/index.js";
import { createComponentHarness } from "../../support/component-harness.js";
import type { ComponentHarness } from "../../support/component-harness.js";
import { createBrowser, plainPasswords, SITE } from "../support/app.js";
import type { Browser } from "../support/app.js";

export const SECRET = "a-secret-of-the-tests-with-enough-length-0001";
export const ORIGIN = "https://app.example.com";

/** The app's code: what a push brings. */
export interface Code {
  plugins?: BetterAuthPlugin[];
  convexOptions?: Partial<ConvexOptions>;
  options?: BetterAuthOptions;
  routes?: RouteOptions;
  /** Stands around the instance, as an app may do it. */
  around?: (auth: AuthInstance) => AuthInstance;
  /** Stands around the adapter, as an app may do it. */
  wrap?: (adapter: DBAdapter) => DBAdapter;
  /** Made outside of the loader. */
  client?: ReturnType<typeof createClient>;
  /** Runs within the loader. */
  loading?: (ctx: GenericActionCtx<GenericDataModel>, component: ComponentApi) => Promise<void>;
}

/** An answer in a form that can be compared. */
export interface Told {
  status: number;
  headers: string[];
  body: string;
}

export interface LaneApp {
  readonly harness: ComponentHarness;
  /** How often the app's auth was loaded. */
  loads(): number;
  /** Calls of the component so far, as `module:name`. */
  readonly calls: readonly string[];
  push(code: Code): void;
  send(request: Request, fastLane?: boolean): Promise<Response>;
  browser(fastLane?: boolean): Browser;
  /** Sends the request both ways; tells whether the lane answered, and both answers. */
  both(request: Request): Promise<{ byLane: boolean; lane: Told; full: Told }>;
  /** Sends a request so that facts are left. */
  warm(): Promise<void>;
}

/** An app as README.md sets it up, on a deployment. */
export function createLaneApp(code: Code = {}): LaneApp {
  vi.stubEnv("CONVEX_SITE_URL", SITE);
  vi.stubEnv("CONVEX_CLOUD_URL", "https://happy-animal-1.convex.cloud");
  vi.stubEnv("BETTER_AUTH_SECRET", SECRET);
  vi.stubEnv("NODE_ENV", "production");
  const harness = createComponentHarness();
  let loads = 0;
  const calls: string[] = [];
  const counted = <Ctx extends object>(ctx: Ctx): Ctx =>
    new Proxy(ctx, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== "runQuery" && name !== "runMutation") return value;
        return (reference: never, args: never): unknown => {
          calls.push(nameOf(reference));
          return (value as (reference: never, args: never) => unknown)(reference, args);
        };
      },
    });
  let ways: Record<"lane" | "full", (request: Request) => Promise<Response>>;

  function mount(current: Code, fastLane: boolean): (request: Request) => Promise<Response> {
    const http = httpRouter();
    registerRoutes(
      http,
      async (ctx) => {
        loads += 1;
        await current.loading?.(ctx, harness.component);
        const client = current.client ?? createClient(harness.component);
        const adapter = client.adapter(ctx as never);
        const { wrap = (own) => own } = current;
        const database = (options: BetterAuthOptions) => wrap(adapter(options));
        const auth = instance(current, database) as unknown as AuthInstance;
        return current.around?.(auth) ?? auth;
      },
      { ...current.routes, fastLane },
    );
    return async (request) => {
      const { pathname } = new URL(request.url);
      const [route] = http.lookup(pathname, request.method as "GET") ?? [];
      if (!route) return new Response("No matching routes found", { status: 404 });
      const { _handler } = route as unknown as {
        _handler(ctx: object, request: Request): Promise<Response>;
      };
      let response = Response.error();
      await harness.t.action(async (ctx) => {
        response = await _handler(counted(ctx), request);
        return null;
      });
      return response;
    };
  }

  const app: LaneApp = {
    harness,
    loads: () => loads,
    calls,
    push(next) {
      ways = { lane: mount(next, true), full: mount(next, false) };
    },
    send: (request, fastLane = true) => ways[fastLane ? "lane" : "full"](request),
    browser: (fastLane = true) => createBrowser((request) => app.send(request, fastLane)),
    async both(request) {
      const before = loads;
      const lane = await told(await app.send(request.clone(), true));
      const byLane = loads === before;
      return { byLane, lane, full: await told(await app.send(request, false)) };
    },
    async warm() {
      await app.send(get("/convex/.well-known/openid-configuration"));
    },
  };
  app.push(code);
  return app;
}

/** A GET below the base path. */
export function get(path: string, headers: HeadersInit = {}): Request {
  return new Request(`${SITE}/api/auth${path}`, { headers });
}

/** As `gate:lane`. */
function nameOf(reference: never): string {
  const { reference: path = "" } = getFunctionAddress(reference) as { reference?: string };
  return path.split("/").slice(-2).join(":");
}

async function told(response: Response): Promise<Told> {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).sort();
  return { status: response.status, headers, body: await response.text() };
}

function instance(
  { plugins = [], convexOptions, options }: Code,
  database: NonNullable<BetterAuthOptions["database"]>,
) {
  // ES256 keys, because RSA keys take long to make.
  const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };
  return betterAuth({
    emailAndPassword: { enabled: true, password: plainPasswords },
    logger: { disabled: true },
    telemetry: { enabled: false },
    ...options,
    database,
    plugins: [...plugins, convex({ authConfig, ...convexOptions })],
  });
}
