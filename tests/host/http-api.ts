/** The HTTP API of a deployment's `.cloud` origin, for `ConvexHttpClient` and everything built on it. */
import { readAuthorization } from "./authorization.js";
import type { Deployment } from "./deployment.js";
import type { FunctionResult } from "./function-result.js";
import type { VerifiedIdentity } from "./identity.js";
import { Refusal } from "./refusal.js";
import type { RequestOrigin } from "./request-origin.js";

const METHODS = "GET,POST,OPTIONS,PATCH,DELETE,PUT";

/** Answers a request, or gives undefined when the path is none of the API's. */
export async function answerApi(
  deployment: Deployment,
  request: Request,
  origin: RequestOrigin,
): Promise<Response | undefined> {
  if (request.method === "OPTIONS") return withCors(request, new Response(null), true);
  const answer = await answered(deployment, request, origin).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, status } = error;
    return Response.json({ code, message }, { status });
  });
  return answer && withCors(request, answer);
}

async function answered(
  deployment: Deployment,
  request: Request,
  origin: RequestOrigin,
): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/":
      return new Response("This Convex deployment is running. See https://docs.convex.dev/.");
    case "/version":
    case "/instance_name":
      return new Response("local-host");
    case "/api/query_ts":
      return Response.json({ ts: timestamp() });
  }
  const kind = /^\/api\/(query|mutation|action|function|query_at_ts)$/.exec(pathname)?.[1];
  if (kind === undefined) return undefined;
  const authorization = readAuthorization(request.headers.get("authorization"));
  const { path, args } = await readCall(request);
  // Admins were answered before (`admin-api.ts`): this key is of another deployment, or there is none.
  if (kind === "function" || (authorization && "adminKey" in authorization)) {
    throw new Refusal(
      "BadDeployKey",
      "The provided deploy key was invalid for this deployment. Double check that the environment this key was generated for matches the desired deployment.",
      403,
    );
  }
  let identity: VerifiedIdentity | null = null;
  if (authorization) identity = await deployment.verify(authorization.token);
  const wanted = kind === "query_at_ts" ? "query" : (kind as "query" | "mutation" | "action");
  const result = await deployment.run(wanted, path, args, { identity, origin });
  return Response.json(outcomeOf(result, deployment.shown(result, origin.requestId)));
}

/** A call as the API puts it. `logLines` are left out where there are none. */
export function outcomeOf(result: FunctionResult, errorMessage: string): object {
  if (result.ok) return { status: "success", value: result.value };
  const data = result.data === undefined ? {} : { errorData: result.data };
  return { status: "error", errorMessage, ...data };
}

async function readCall(request: Request): Promise<{ path: string; args: unknown }> {
  const call = request.method === "GET" ? readSearch(request) : await readBody(request);
  const { path, args } = (call ?? {}) as { path?: unknown; args?: unknown };
  if (typeof path !== "string") throw unreadable("missing field `path`");
  return { path, args: Array.isArray(args) ? (args[0] ?? {}) : (args ?? {}) };
}

async function readBody(request: Request): Promise<unknown> {
  if (!/^application\/(.+\+)?json\b/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refusal("BadJsonBody", "Expected request with `Content-Type: application/json`");
  }
  return (await request.json().catch((error: unknown) => {
    throw new Refusal(
      "BadJsonBody",
      `Failed to parse the request body as JSON: ${(error as Error).message}`,
    );
  })) as unknown;
}

function readSearch(request: Request): unknown {
  const { searchParams } = new URL(request.url);
  try {
    const args = JSON.parse(searchParams.get("args") ?? "{}") as unknown;
    return { path: searchParams.get("path"), args };
  } catch {
    throw new Refusal("BadQueryArgs", "Failed to deserialize query string");
  }
}

function unreadable(what: string): Refusal {
  return new Refusal(
    "BadJsonBody",
    `Failed to deserialize the JSON body into the target type: ${what}`,
  );
}

function timestamp(): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n);
  return bytes.toString("base64");
}

/** Any origin may call, with credentials: it is mirrored, as are the headers that a preflight asks for. */
function withCors(request: Request, response: Response, isPreflight = false): Response {
  const { headers } = response;
  const mirror = (from: string, to: string): void => {
    const value = request.headers.get(from);
    if (value !== null) headers.set(to, value);
  };
  mirror("origin", "access-control-allow-origin");
  headers.set("access-control-allow-credentials", "true");
  headers.set("vary", "origin, access-control-request-method, access-control-request-headers");
  if (isPreflight) {
    mirror("access-control-request-headers", "access-control-allow-headers");
    headers.set("access-control-allow-methods", METHODS);
    headers.set("access-control-max-age", "86400");
  }
  return response;
}
