/** The part of a deployment's API that is for admins: what `npx convex dev`, `env` and `run` ask for (convex 1.48). */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";
import { installedComponents } from "./definitions.js";
import type { Deployment } from "./deployment.js";
import type { FunctionResult } from "./function-result.js";
import { outcomeOf } from "./http-api.js";
import type { PushRequest } from "./push-request.js";
import type { RequestOrigin } from "./request-origin.js";

/** Whom the requests are about. Another deployment takes the place of the former one when a push is finished. */
export interface Administered {
  readonly url: string;
  readonly siteUrl: string;
  readonly deployment: () => Deployment;
  /** Evaluates a push. The function that it gives makes it current. */
  readonly prepare: (request: PushRequest) => Promise<() => void>;
}

/** Answers requests that carry the key; undefined for those that are not for admins. */
export type AdminApi = (request: Request, origin: RequestOrigin) => Promise<Response | undefined>;

/** How long a request for new log lines stays open. There are none: what functions log goes to the host's own log. */
const LOG_POLL_MS = 10_000;

/** What an admin's connection runs functions with; undefined for another key. */
export type AdminRun = (key: string | undefined) => Deployment["run"] | undefined;

/** A key of this deployment's own, and what answers those who have it: over HTTP, and on a WebSocket. */
export function createAdminApi(administered: Administered): {
  key: string;
  answer: AdminApi;
  runAs: AdminRun;
} {
  const key = `local-host|${randomBytes(16).toString("hex")}`;
  let finish: (() => void) | undefined;

  async function answer(request: Request, origin: RequestOrigin): Promise<Response | undefined> {
    if (request.headers.get("authorization") !== `Convex ${key}`) return undefined;
    const path = new URL(request.url).pathname;
    const deployment = administered.deployment();
    switch (path) {
      case "/api/v1/get_canonical_urls":
        return Response.json({
          convexCloudUrl: administered.url,
          convexSiteUrl: administered.siteUrl,
        });
      case "/api/function":
        return called(deployment, (await bodyOf(request)) as Call, origin);
      case "/api/update_environment_variables":
        return changed(deployment, (await bodyOf(request)) as Changes);
      case "/api/get_config_hashes":
        return Response.json({
          config: { functions: "convex/" },
          moduleHashes: [],
          nodeDependencies: [],
          udfServerVersion: "0",
        });
      case "/api/deploy2/start_push":
        return started((await bodyOf(request)) as PushRequest);
      case "/api/deploy2/wait_for_schema":
        return Response.json({ type: "complete" });
      case "/api/deploy2/finish_push":
        finish?.();
        finish = undefined;
        return Response.json({
          authDiff: { added: [], removed: [] },
          definitionDiffs: {},
          componentDiffs: {},
        });
      case "/api/deploy2/report_push_completed":
        return Response.json(null);
      case "/api/stream_function_logs":
        await wait(LOG_POLL_MS, undefined, { ref: false });
        return Response.json({ entries: [], newCursor: Date.now() });
    }
    return undefined;
  }

  async function started(request: PushRequest): Promise<Response> {
    try {
      finish = await administered.prepare(request);
      return Response.json(await analysisOf(request));
    } catch (error) {
      return refusal("InvalidModules", error);
    }
  }
  const runAs: AdminRun = (given) => {
    if (given !== key) return undefined;
    const deployment = administered.deployment();
    return (kind, path, args, from) =>
      path.startsWith("_system/")
        ? Promise.resolve(system(deployment, path, args as { name?: string }, administered.url))
        : deployment.run(kind, path, args, { ...from, identity: null, isAdmin: true });
  };
  return { key, answer, runAs };
}

interface Call {
  path: string;
  args: unknown;
}
interface Changes {
  changes: { name: string; value: string | null }[];
}

async function bodyOf(request: Request): Promise<unknown> {
  const bytes = Buffer.from(await request.arrayBuffer());
  const isCompressed = request.headers.get("content-encoding") === "br";
  return JSON.parse((isCompressed ? brotliDecompressSync(bytes) : bytes).toString("utf8"));
}

/** The queries of Convex's own that the CLI makes. */
function system(
  deployment: Deployment,
  path: string,
  args: { name?: string },
  url: string,
): FunctionResult {
  const variables = Object.entries(deployment.env()).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  const answers: Record<string, unknown> = {
    "_system/cli/queryEnvironmentVariables": variables,
    "_system/cli/queryEnvironmentVariables:get":
      variables.find(({ name }) => name === args.name) ?? null,
    "_system/cli/convexUrl:cloudUrl": url,
    "_system/cli/modules:apiSpec": [],
  };
  const value = answers[path.replace(/:default$/, "")];
  return value === undefined
    ? { ok: false, message: `Could not find function ${path}` }
    : { ok: true, value };
}

/** An admin may call internal functions too. */
async function called(
  deployment: Deployment,
  { path, args }: Call,
  origin: RequestOrigin,
): Promise<Response> {
  const given: unknown = Array.isArray(args) ? args[0] : args;
  const from = { identity: null, origin, isAdmin: true };
  const result = await deployment.run("any", path, given, from);
  return Response.json(outcomeOf(result, deployment.shown(result, origin.requestId)));
}

async function changed(deployment: Deployment, { changes }: Changes): Promise<Response> {
  try {
    await deployment.setEnv(
      Object.fromEntries(changes.map(({ name, value }) => [name, value ?? undefined])),
    );
    return new Response(null, { status: 200 });
  } catch (error) {
    return refusal("EnvVarRefused", error);
  }
}

function refusal(code: string, error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  return Response.json({ code, message }, { status: 400 });
}

/** As much of the analysis as the CLI's code generation reads. */
async function analysisOf(request: PushRequest): Promise<object> {
  const components = (await installedComponents(request)).filter(({ path }) => !path.includes("/"));
  const nothing = { type: "branch", branch: [] };
  const definition = {
    path: "",
    definitionType: { type: "app" },
    childComponents: components.map(({ path, bundle }) => ({
      name: path,
      path: bundle.definitionPath,
    })),
    httpMounts: {},
    exports: nothing,
  };
  return {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: [],
    analysis: { "": { definition, functions: {}, udfConfig: { serverVersion: "0" } } },
    app: {
      definitionPath: "",
      componentPath: "",
      args: {},
      childComponents: {},
      httpRoutes: { httpModuleRoutes: null, mounts: [] },
      exports: {},
    },
    schemaChange: { allocatedComponentIds: {}, schemaIds: {} },
  };
}
