/** The running app: public functions and HTTP actions, called with an identity, and who is told after a write. */
import type { ConvexError, Value } from "convex/values";
import { convexToJson, jsonToConvex } from "convex/values";
import { makeFunctionReference } from "convex/server";
import type { UserIdentity } from "convex/server";
import { AsyncResource } from "node:async_hooks";
import type { Database } from "./database.js";
import { openDatabase } from "./database.js";
import { installedComponents } from "./definitions.js";
import type { VerifiedIdentity } from "./identity.js";
import { createVerifier, readAuthConfig } from "./identity.js";
import type { FunctionKind, Metrics } from "./metrics.js";
import type { Concurrency } from "./optimistic.js";
import type { Overloads } from "./overload.js";
import type { PushRequest } from "./push-request.js";
import { openInvocation } from "./runtime.js";
import type { ExportedFunction, RuntimeOptions } from "./runtime.js";
import type { Storage } from "./storage.js";
import { createStorage } from "./storage.js";
import { delegatedSyscalls, ofThisRealm } from "./syscalls.js";
import type { TestCtx } from "./syscalls.js";
import { createWorkers } from "./workers.js";

/** The outcome of a function, in Convex's JSON. */
export type FunctionResult =
  { ok: true; value: unknown } | { ok: false; message: string; data?: unknown };

/** The app behind the protocols. */
export interface Deployment {
  verify: (token: string) => Promise<VerifiedIdentity>;
  run(
    kind: FunctionKind | "any",
    path: string,
    args: unknown,
    identity: VerifiedIdentity | null,
    caller?: { isAdmin: boolean },
  ): Promise<FunctionResult>;
  fetch(request: Request, path: string): Promise<Response>;
  /** Calls back after everything that may change what a query gives: a mutation anywhere, new variables. */
  onCommit(listener: () => void): () => void;
  setEnv(env: Record<string, string | undefined>): Promise<void>;
  /** The variables that were set. */
  env(): Record<string, string | undefined>;
  overloads: Overloads;
  concurrency?: Concurrency;
  /** The database of the app and its components, for tests that copy it. */
  database: Database;
}

/** What a deployment is made from. */
export interface DeploymentOptions {
  request: PushRequest;
  env: Record<string, string | undefined>;
  url: string;
  siteUrl: string;
  metrics: Metrics;
  log: (line: string) => void;
  fetch?: typeof fetch | undefined;
  concurrent: boolean;
  /** How many workers keep contexts. */
  workers?: number | undefined;
}

/** Installs the bundle and evaluates its `auth.config`. */
export async function createDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { metrics, log } = options;
  let env = options.env;
  const systemEnv = (name: string): string | undefined =>
    ({ CONVEX_CLOUD_URL: options.url, CONVEX_SITE_URL: options.siteUrl })[name];
  const appEnv = (name: string): string | undefined => systemEnv(name) ?? env[name];
  const components = await installedComponents(options.request);
  const listeners = new Set<() => void>();
  // Bound to this place: convex-test takes what runs in a transaction's async context for a part of that transaction.
  const mayHaveWritten = AsyncResource.bind(() => {
    for (const listener of listeners) listener();
  });
  const runtime: RuntimeOptions = {
    metrics,
    log,
    fetch: options.fetch,
    workers: options.workers === undefined ? undefined : createWorkers(options.workers),
  };
  const storage: Storage = await createStorage(options.request, components, {
    ...runtime,
    appEnv,
    systemEnv,
    onMutation: mayHaveWritten,
    concurrent: options.concurrent,
  });
  let providers = await readAuthConfig(storage.app.modules, appEnv);

  const as = (identity: VerifiedIdentity | null): Storage["t"] =>
    identity
      ? (storage.t.withIdentity(
          identity.attributes as Partial<UserIdentity>,
        ) as unknown as Storage["t"])
      : storage.t;

  async function run(
    wanted: FunctionKind | "any",
    path: string,
    args: unknown,
    identity: VerifiedIdentity | null,
    caller = { isAdmin: false },
  ): Promise<FunctionResult> {
    const kind = storage.kindOf(path, caller.isAdmin);
    if (kind === undefined) {
      return failure(
        new Error(
          `Could not find public function for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
        ),
      );
    }
    if (wanted !== "any" && kind !== wanted) {
      return failure(
        new Error(`Trying to execute ${path} as ${wanted}, but it is defined as ${kind}.`),
      );
    }
    const t = as(identity);
    const reference = makeFunctionReference<"query">(path.replace(/\.js(?=:|$)/, "")) as never;
    const call = { query: t.query, mutation: t.mutation, action: t.action, httpAction: t.action }[
      kind
    ] as (reference: never, args: never) => Promise<unknown>;
    try {
      const started = (): Promise<unknown> => call(reference, jsonToConvex(args as never) as never);
      const value = await (kind === "query" || kind === "mutation"
        ? storage.gate(kind, path, started)
        : started());
      return { ok: true, value: convexToJson((value ?? null) as Value) };
    } catch (error) {
      log(
        `[${path}] Uncaught ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      );
      return failure(error);
    }
  }

  /** Runs the route of `http.js` for the request. A foreign Authorization header refuses nothing by itself. */
  async function fetchRoute(request: Request, path: string): Promise<Response> {
    if (!storage.app.modules.has("http.js"))
      return new Response("This Convex deployment does not have HTTP actions enabled.", {
        status: 404,
      });
    try {
      storage.overloads.check("http");
    } catch (error) {
      // Before it runs anything the backend answers by itself.
      const { message } = error as Error;
      return Response.json({ code: "TooManyConcurrentRequests", message }, { status: 429 });
    }
    const identity = await callerOf(request);
    const outcome: { response?: Response; error?: unknown } = {};
    const handler = async (ctx: TestCtx): Promise<null> => {
      const auth =
        identity instanceof Error ? { getUserIdentity: () => Promise.reject(identity) } : ctx.auth;
      try {
        outcome.response = await route(request, path, { ...ctx, auth });
      } catch (error) {
        outcome.error = ofThisRealm(error);
      }
      return null;
    };
    // Nothing stands before this host that would know the address better than the last hop that names one.
    const ip = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? null;
    const { action } = as(identity instanceof Error ? null : identity).withRequestMetadata({ ip });
    await (action as (handler: unknown) => Promise<unknown>)(handler);
    if (outcome.response) return outcome.response;
    log(`[http ${request.method} ${path}] Uncaught ${String(outcome.error)}`);
    return Response.json({ code: "Server Error", message: String(outcome.error) }, { status: 500 });
  }

  async function route(request: Request, path: string, ctx: TestCtx): Promise<Response> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const invocation = await openInvocation(
      runtime,
      storage.app,
      { module: "http", name: `${method} ${path}`, kind: "httpAction" },
      delegatedSyscalls(ctx, storage.gate),
    );
    try {
      const router = invocation.namespace["default"] as {
        lookup(path: string, method: string): [ExportedFunction, string, string] | null;
      };
      const found = router.lookup(path, method);
      if (!found) return new Response("No matching routes found", { status: 404 });
      const [handler] = found;
      const response = await invocation.run(() =>
        handler.invokeHttpAction(invocation.adopt(request)),
      );
      // The body is read while the context's timers still run.
      const body = response.body === null ? null : await response.arrayBuffer();
      return new Response(request.method === "HEAD" ? null : body, response);
    } finally {
      invocation.dispose();
    }
  }

  async function callerOf(request: Request): Promise<VerifiedIdentity | null | Error> {
    const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) return null;
    return verify(token).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
  }

  const verify = createVerifier(() => providers);
  return {
    verify,
    run,
    overloads: storage.overloads,
    ...(storage.concurrency && { concurrency: storage.concurrency }),
    database: await openDatabase((handler) => storage.t.run(handler)),
    fetch: fetchRoute,
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async setEnv(changed) {
      const next = { ...env, ...changed };
      const nextEnv = (name: string): string | undefined => systemEnv(name) ?? next[name];
      // Variables with which auth.config throws are refused as a whole.
      providers = await readAuthConfig(storage.app.modules, nextEnv);
      env = next;
      // What a query read from its environment is one of its dependencies.
      mayHaveWritten();
    },
    env: () => env,
  };
}

function failure(error: unknown): FunctionResult {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && Symbol.for("ConvexError") in error) {
    const { data } = error as ConvexError<Value>;
    return { ok: false, message: `Uncaught ConvexError: ${message}`, data: convexToJson(data) };
  }
  return { ok: false, message: `Uncaught Error: ${message}` };
}
