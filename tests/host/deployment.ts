/** The running app: public functions and HTTP actions, called with an identity, and who is told after a write. */
import type { Value } from "convex/values";
import { convexToJson, jsonToConvex } from "convex/values";
import { makeFunctionReference } from "convex/server";
import type { UserIdentity } from "convex/server";
import { AsyncResource } from "node:async_hooks";
import type { Database } from "./database.js";
import { openDatabase } from "./database.js";
import { readAuthConfig } from "./auth-config.js";
import { callAs } from "./caller.js";
import type { Cron } from "./crons.js";
import { startCrons } from "./crons.js";
import { installedComponents } from "./definitions.js";
import type { FunctionResult } from "./function-result.js";
import { failure } from "./function-result.js";
import type { VerifiedIdentity } from "./identity.js";
import { createVerifier } from "./identity.js";
import { createHttpActions } from "./http-actions.js";
import type { FunctionKind, Metrics } from "./metrics.js";
import type { Concurrency, Watched } from "./optimistic.js";
import { TOO_MANY_ACTIONS } from "./overload.js";
import type { Overloads } from "./overload.js";
import { createPermits } from "./permits.js";
import type { PushRequest } from "./push-request.js";
import { Refusal } from "./refusal.js";
import type { RequestOrigin } from "./request-origin.js";
import type { RuntimeOptions } from "./runtime.js";
import type { Storage } from "./storage.js";
import { createStorage } from "./storage.js";
import { checkVariables } from "./variables.js";
import { createWorkers } from "./workers.js";

/** Who calls a function, and from where. */
export interface CallOrigin {
  identity: VerifiedIdentity | null;
  origin: RequestOrigin;
  /** An admin may call internal functions too. @default false */
  isAdmin?: boolean;
}

/** The app behind the protocols. */
export interface Deployment {
  verify: (token: string) => Promise<VerifiedIdentity>;
  run(
    kind: FunctionKind | "any",
    path: string,
    args: unknown,
    from: CallOrigin,
  ): Promise<FunctionResult>;
  /** Runs a query, and tells later whether it has to run again. */
  watch(
    path: string,
    args: unknown,
    from: CallOrigin,
  ): Promise<{ result: FunctionResult; watched: Watched }>;
  /** The message of a result that is an error, as clients are shown it: with the request's id, redacted if need be. */
  shown(result: FunctionResult, requestId: string): string;
  fetch(request: Request, origin: RequestOrigin): Promise<Response>;
  /** Calls back after everything that may change what a query gives: a commit anywhere, new variables. */
  onCommit(listener: () => void): () => void;
  setEnv(env: Record<string, string | undefined>): Promise<void>;
  crons: readonly Cron[];
  /** Runs a job of `crons.js` now. */
  runCron(cron: Cron): Promise<void>;
  /** Stops jobs that run by themselves. */
  close(): void;
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
  writeLimit: boolean;
  /** Whether clients are told no more of an error than that there was one. */
  redacted: boolean;
  /** How many workers keep contexts. */
  workers?: number | undefined;
}

/** How many actions run at once, HTTP actions included, and how long others wait (`APPLICATION_MAX_CONCURRENT_V8_ACTIONS`). */
const ACTIONS_AT_ONCE = 64;
const ACTION_PATIENCE_MS = 10_000;

/** Installs the bundle and evaluates its `auth.config`. */
export async function createDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { metrics, log } = options;
  let env = options.env;
  const systemEnv = (name: string): string | undefined =>
    ({ CONVEX_CLOUD_URL: options.url, CONVEX_SITE_URL: options.siteUrl })[name];
  const appEnv = (name: string): string | undefined => systemEnv(name) ?? env[name];
  const components = await installedComponents(options.request);
  const places = createPermits(ACTIONS_AT_ONCE, {
    patienceMs: ACTION_PATIENCE_MS,
    refusal: () => new Refusal("TooManyConcurrentRequests", TOO_MANY_ACTIONS, 429),
  });
  checkVariables(env);
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
    onCommit: mayHaveWritten,
    concurrent: options.concurrent,
    writeLimit: options.writeLimit,
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
    { identity, origin, isAdmin = false }: CallOrigin,
  ): Promise<FunctionResult> {
    const kind = storage.kindOf(path, isAdmin);
    if (kind === undefined)
      return { ok: false, message: `Could not find public function for '${path}'.` };
    if (wanted !== "any" && kind !== wanted) {
      const words = capitalised(wanted);
      const message = `Trying to execute ${canonical(path)} as ${words}, but it is defined as ${capitalised(kind)}.`;
      return { ok: false, message };
    }
    const t = as(identity);
    const reference = makeFunctionReference<"query">(path.replace(/\.js(?=:|$)/, "")) as never;
    const call = { query: t.query, mutation: t.mutation, action: t.action, httpAction: t.action }[
      kind
    ] as (reference: never, args: never) => Promise<unknown>;
    try {
      const started = (): Promise<unknown> => call(reference, jsonToConvex(args as never) as never);
      const caller = {
        identity: identity?.attributes ?? null,
        metadata: {
          ...origin,
          scheduledFunctionId: null,
          authToken: identity?.token ?? null,
        },
      };
      const value = await callAs(caller, () =>
        kind === "query" || kind === "mutation"
          ? storage.gate(kind, path, started)
          : places.with(started),
      );
      return { ok: true, value: convexToJson((value ?? null) as Value) };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      log(
        `[${path}] Uncaught ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      );
      return failure(error);
    }
  }

  async function runCron({ component, name, function: path, args }: Cron): Promise<void> {
    // A handle, so that it can be in a component.
    const handle = `function://${component};${path}`;
    const t = storage.t as unknown as Record<"action" | "mutation", RunReference>;
    const mutation = (): Promise<unknown> => t.mutation(handle, args);
    const action = (): Promise<unknown> => t.action(handle, args);
    try {
      if (storage.kindOf(path, true, component) === "action") await places.with(action);
      else await storage.gate("mutation", path, mutation);
    } catch (error) {
      log(`[cron ${name}] Uncaught ${String(error)}`);
    }
  }

  const verify = createVerifier(() => providers);
  return {
    verify,
    run,
    async watch(path, args, from) {
      const startedWith = env;
      const { result, watched } = await storage.watch(() => run("query", path, args, from));
      // What a query read from its environment is one of its dependencies.
      const isStale = (): boolean => startedWith !== env || watched.isStale();
      return { result, watched: { ...watched, isStale } };
    },
    shown(result, requestId) {
      const prefix = `[Request ID: ${requestId}] Server Error`;
      return result.ok || options.redacted ? prefix : `${prefix}\n${result.message}`;
    },
    overloads: storage.overloads,
    ...(storage.concurrency && { concurrency: storage.concurrency }),
    database: await openDatabase((handler) => storage.t.run(handler)),
    fetch: createHttpActions({
      runtime,
      storage,
      verify,
      places,
      redacted: options.redacted,
    }),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async setEnv(changed) {
      checkVariables(changed);
      const next = { ...env, ...changed };
      const nextEnv = (name: string): string | undefined => systemEnv(name) ?? next[name];
      // Variables with which auth.config throws are refused as a whole.
      providers = await readAuthConfig(storage.app.modules, nextEnv);
      env = next;
      mayHaveWritten();
    },
    env: () => env,
    crons: storage.crons,
    runCron,
    close: startCrons(storage.crons, runCron),
  };
}

type RunReference = (handle: string, args: unknown) => Promise<unknown>;

/** `module:function` with the module's ending, as the backend names functions. */
function canonical(path: string): string {
  return path.replace(/(\.js)?(?=:|$)/, ".js");
}

function capitalised(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
