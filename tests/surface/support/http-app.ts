/** An app whose routes are asked over HTTP: real Better Auth, the real component, and hosts as a backend takes them. */
import type { BetterAuthOptions } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { convexTest } from "convex-test";
import { componentsGeneric, defineSchema, httpActionGeneric, httpRouter } from "convex/server";
import type { GenericDataModel, HttpRouter } from "convex/server";
import { vi } from "vitest";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { convex } from "../../../js/plugins/index.js";
import { createClient } from "../../../js/server/index.js";
import type { GenericCtx, RouteOptions } from "../../../js/server/index.js";
import { register } from "../../../js/test/index.js";

export const SITE = "https://happy-animal-1.convex.site";
export const ORIGIN = "https://app.example.com";
export const SECRET = "a-secret-of-the-tests-with-enough-length-0001";

/** What a test changes about the app. */
export interface HttpAppOptions {
  readonly options?: BetterAuthOptions;
  readonly routes?: RouteOptions;
  /** The base path that auth.config.ts is given. */
  readonly keysUnder?: string;
  /** Routes of the app's own, before or after those of the package. */
  readonly before?: (http: HttpRouter) => void;
  readonly after?: (http: HttpRouter) => void;
  /** The variables of the deployment beside `CONVEX_SITE_URL`. */
  readonly env?: Record<string, string | undefined>;
}

/** Sends a request; `host` is what `X-Forwarded-Host` says, which `request.url` follows on a real backend. */
export type Ask = (
  path: string,
  init?: Omit<RequestInit, "headers"> & { host?: string; headers?: Record<string, string> },
) => Promise<Response>;

const client = createClient<GenericDataModel>(
  componentsGeneric()["betterAuth"] as unknown as ComponentApi,
);
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

export function createHttpApp({
  options,
  routes = { cors: true },
  keysUnder = options?.basePath,
  before,
  after,
  env,
}: HttpAppOptions = {}): { ask: Ask; auth: (ctx: GenericCtx) => unknown } {
  const variables = { CONVEX_SITE_URL: SITE, BETTER_AUTH_SECRET: SECRET, SITE_URL: ORIGIN, ...env };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const createAuth = (ctx: GenericCtx) =>
    betterAuth({
      trustedOrigins: [ORIGIN],
      emailAndPassword: { enabled: true, password: quickPasswords },
      logger: { disabled: true },
      telemetry: { enabled: false },
      ...options,
      database: client.adapter(ctx),
      plugins: [
        ...(options?.plugins ?? []),
        convex({
          authConfig: {
            providers: [getAuthConfigProvider({ algorithm: "ES256", basePath: keysUnder })],
          },
        }),
      ],
    });
  const http = httpRouter();
  before?.(http);
  client.registerRoutesLazy(http, createAuth, routes);
  after?.(http);
  const t = convexTest({
    schema: defineSchema({}),
    modules: {
      "./_generated/api.ts": () => Promise.resolve({}),
      "./http.ts": () => Promise.resolve({ default: behindAnyHost(http) }),
    },
  });
  register(t);
  return {
    auth: createAuth,
    ask: (path, { host = new URL(SITE).host, ...init } = {}) =>
      t.fetch(path, { ...init, headers: { ...init.headers, "x-forwarded-host": host } }),
  };
}

type Handler = { _handler: (ctx: unknown, request: Request) => Promise<Response> };

function behindAnyHost(http: HttpRouter): HttpRouter {
  const outer = httpRouter();
  const handler = httpActionGeneric((ctx, request) => {
    const url = new URL(request.url);
    url.host = request.headers.get("x-forwarded-host") ?? url.host;
    const [found] = http.lookup(url.pathname, request.method as "GET") ?? [];
    if (!found) return Promise.resolve(new Response("no route", { status: 404 }));
    return (found as unknown as Handler)._handler(ctx, new Request(url, request));
  });
  for (const method of METHODS) outer.route({ pathPrefix: "/", method, handler });
  return outer;
}

/** Hashing is not what these tests are about, and slow. */
const quickPasswords = {
  hash: (password: string): Promise<string> => Promise.resolve(`plain:${password}`),
  verify: ({ hash, password }: { hash: string; password: string }): Promise<boolean> =>
    Promise.resolve(hash === `plain:${password}`),
};

/** Signs somebody up through the routes. */
export function signUp(ask: Ask, under = "/api/auth", init: Parameters<Ask>[1] = {}) {
  return ask(`${under}/sign-up/email`, {
    method: "POST",
    body: JSON.stringify({ email: "ada@example.com", password: "correct horse", name: "Ada" }),
    ...init,
    headers: { "content-type": "application/json", origin: ORIGIN, ...init.headers },
  });
}
